//! Three cases and more for each kind of edit.

use std::slice;

use super::super::*;
use EditKind::*;

const ARTICLE: &str = "\
Ministers agree to close the northern port

Ships will be led to the southern basin for two years

By Tamsin Orrell

BERGSTADT, March 3 (Union Press) — The decision was taken on Thursday after long talks in the capital of Norland, and it will cost 46 million crowns, an official told reporters on the way out.

Dockers had asked the mayor, Joss Merriden, for a delay. Their unions were not heard before the vote, he said, although they had 1,200 members in the colourful old quarter of the town.

\"Nobody in this room wanted to be the one who shut it,\" said Odo Farrant, who chairs the board. The organisers put the loss at 9 per cent. Work is due to begin on 4 May and to end in June.

Grain will travel by rail to Caddon Point while the quay is shut. The farmers dropped their objection once the railway promised extra trains.";

/// The kinds of the edits between two texts.
fn kinds(a: &str, b: &str) -> Vec<EditKind> {
    DiffReport::between(a, b).edits().iter().map(|edit| edit.kind).collect()
}

/// The article with some words replaced has edits of one kind, and so it is the other way round,
/// with a kind of its own if need be.
#[track_caller]
fn replaced(kind: EditKind, from: &str, to: &str) {
    assert!(ARTICLE.contains(from), "{from}");
    both_ways(kind, kind, ARTICLE, &ARTICLE.replace(from, to));
}

#[track_caller]
fn both_ways(there: EditKind, back: EditKind, a: &str, b: &str) {
    assert_eq!(kinds(a, b), [there]);
    assert_eq!(kinds(b, a), [back]);
}

#[test]
fn headlines() {
    replaced(Headline, "Ministers agree to close the northern port", "The end of a harbour");
    replaced(Headline, "northern port", "old port");
    replaced(Headline, "Ministers agree", "7 ministers agree");
}

#[test]
fn standfirsts() {
    replaced(Standfirst, "two years", "three years");
    replaced(Standfirst, "Ships will be led to the southern basin for two years", "Detours ahead");
    both_ways(
        Standfirst,
        Standfirst,
        ARTICLE,
        &ARTICLE.replace("Ships will be led to the southern basin for two years\n\n", ""),
    );
}

#[test]
fn datelines() {
    replaced(Dateline, "March 3 (Union Press)", "March 4 (Union Press)");
    replaced(Dateline, "BERGSTADT, March 3 (Union Press) — ", "");
    replaced(Dateline, "BERGSTADT, March 3 (Union Press)", "LINDAU, Tuesday (Agency)");
}

#[test]
fn credits() {
    replaced(Credit, "By Tamsin Orrell", "By Joss Merriden and Idris Vole");
    replaced(Credit, "By Tamsin Orrell\n\n", "");
    let credited = format!("{ARTICLE}\n\nJane Doe contributed to this report.");
    both_ways(Credit, Credit, ARTICLE, &credited);
}

#[test]
fn furniture() {
    let menu = format!("News | Sport | Farming | Notices | Log in\n\n{ARTICLE}");
    let other = format!("Home  Business  Arts  What's On  Jobs\n\n{ARTICLE}");
    both_ways(Furniture, Furniture, ARTICLE, &menu);
    both_ways(Furniture, Furniture, &menu, &other);
    let rights =
        format!("{ARTICLE}\n\n© The Brackwater Standard. Registered office: 4 Tannery Row.");
    both_ways(Furniture, Furniture, ARTICLE, &rights);
    let more = format!("{ARTICLE}\n\nRead more: The ferry captain who never sailed");
    both_ways(Furniture, Furniture, ARTICLE, &more);
    // What only the corpus tells.
    let ad = "Sign up for the morning bulletin and get the news before breakfast.";
    let text = format!("{ARTICLE}\n\n{ad}");
    assert_eq!(kinds(&text, ARTICLE), [Tail]);
    let words = DiffReport::between(ARTICLE, "").words_a();
    let known = u32::try_from(words).unwrap()..u32::try_from(words + 12).unwrap();
    let texts = [&text[..], ARTICLE];
    let report = ClusterReport::with_furniture(
        |at| texts[at],
        0,
        &[1],
        |at| if at == 0 { slice::from_ref(&known) } else { &[] },
    );
    assert_eq!(report.versions[0].report.edits()[0].kind, Furniture);
}

#[test]
fn numbers() {
    replaced(Number, "46 million", "48 million");
    replaced(Number, "1,200 members", "1,350 members");
    replaced(Number, "had 1,200 members", "had members");
    let (a, b) = ("電車は三十年走った。町は静かだ。", "電車は四十年走った。町は静かだ。");
    assert_eq!(kinds(&a.replace('年', "人"), &b.replace('年', "人")), [Number]);
}

#[test]
fn dates() {
    replaced(Date, "on Thursday", "on Friday");
    replaced(Date, "4 May", "11 May");
    replaced(Date, "4 May", "11 April");
    replaced(Date, "in June", "in July");
    let spanish = "El puerto cierra.\nLa obra empieza el 12 de marzo en la ciudad.";
    assert_eq!(kinds(spanish, &spanish.replace("12 de", "14 de")), [Date]);
    assert_eq!(kinds("電車は五日に走った。", "電車は六日に走った。"), [Date]);
}

#[test]
fn names() {
    replaced(Name, "Joss Merriden", "Isaura Penn");
    replaced(Name, "Norland", "Surland");
    replaced(Name, "Caddon Point", "Lower Sennick");
    let german = "Hafen schließt\n\nDer Hafen der Stadt schließt im Winter, sagte Odo Farrant vom \
                  Rat der Stadt, und die Arbeit der Leute am Kai geht zu Ende.";
    assert_eq!(kinds(german, &german.replace("Odo Farrant", "Perpetua Lyle")), [Name]);
    assert_eq!(kinds(german, &german.replace("die Arbeit", "die Mühe")), [Wording]);
}

#[test]
fn quotations() {
    replaced(Quotation, "wanted to be the one", "wished to be the one");
    replaced(Quotation, "Nobody in this room", "Nobody in this town");
    replaced(Quotation, "who shut it", "who shut it in May");
    let german =
        "Hafen schließt\n\nDer Rat sagte: „Wir werden am Montag nicht dort sein.“ Es regnete.";
    assert_eq!(kinds(german, &german.replace("am Montag", "am Dienstag")), [Quotation]);
    let japanese = "彼は「夜明け前、窓がいっせいに青くなる」と振り返る。";
    assert_eq!(kinds(japanese, &japanese.replace("青く", "赤く")), [Quotation]);
}

#[test]
fn wordings() {
    replaced(Wording, "long talks", "endless talks");
    replaced(Wording, "The decision was taken", "The decision fell");
    replaced(Wording, "extra trains", "a few more trains");
    replaced(Wording, "although they", "though they");
}

#[test]
fn tails_are_trimmed() {
    let paragraphs: Vec<&str> = ARTICLE.split("\n\n").collect();
    let count = paragraphs.len();
    both_ways(Tail, Inserted, ARTICLE, &paragraphs[..count - 1].join("\n\n"));
    both_ways(Tail, Inserted, ARTICLE, &paragraphs[..count - 2].join("\n\n"));
    let sentence = " The farmers dropped their objection once the railway promised extra trains.";
    both_ways(Tail, Inserted, ARTICLE, &ARTICLE.replace(sentence, ""));
}

#[test]
fn leads_are_added() {
    let paragraphs: Vec<&str> = ARTICLE.split("\n\n").collect();
    let new = "The last ship left the northern port before dawn, and nobody waved to it from the \
               empty quay, where the cranes had stood still for weeks already and gulls slept.";
    let with = |new: &str| {
        let (head, body) = paragraphs.split_at(3);
        [head, &[new], body].concat().join("\n\n")
    };
    both_ways(Lead, Dropped, ARTICLE, &with(new));
    both_ways(Lead, Dropped, ARTICLE, &with(&format!("{new}\n\nIt was the last of many.")));
    let retitled = with(new).replace("Ministers agree to close", "A farewell to");
    assert_eq!(kinds(ARTICLE, &retitled), [Headline, Lead]);
}

#[test]
fn paragraphs_and_sentences_are_inserted_and_dropped() {
    let new = "Board members will meet residents of the district to explain the hours.";
    let after = "in the colourful old quarter of the town.";
    for text in [
        format!("{after}\n\n{new}"),
        format!("{after} {new}"),
        format!("{after}\n\n{new}\n\n{new} Twice."),
    ] {
        both_ways(Inserted, Dropped, ARTICLE, &ARTICLE.replace(after, &text));
    }
}

#[test]
fn passages_are_moved() {
    let paragraphs: Vec<&str> = ARTICLE.split("\n\n").collect();
    let reordered = |order: [usize; 7]| order.map(|at| paragraphs[at]).join("\n\n");
    both_ways(Moved, Moved, ARTICLE, &reordered([0, 1, 2, 3, 6, 4, 5]));
    both_ways(Moved, Moved, ARTICLE, &reordered([0, 1, 2, 3, 5, 4, 6]));
    let edited = reordered([0, 1, 2, 3, 6, 4, 5]).replace("Caddon Point", "Lower Sennick");
    both_ways_of(&[Moved, Name], ARTICLE, &edited);
}

#[track_caller]
fn both_ways_of(expected: &[EditKind], a: &str, b: &str) {
    assert_eq!(kinds(a, b), expected);
    assert_eq!(kinds(b, a), expected);
}

#[test]
fn spellings() {
    replaced(Spelling, "colourful", "colorful");
    replaced(Spelling, "organisers", "organizers");
    replaced(Spelling, "per cent", "percent");
    replaced(Spelling, "promised", "promissed");
}
