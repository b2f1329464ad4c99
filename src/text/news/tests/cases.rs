//! What is a news line and what is not. All names are invented, but for agencies and cities.

use std::fs;

use super::super::*;
use NewsLineKind::{Byline, Copyright, Credit, Dateline, ReadMore, Stamp};

const BODY: &str = "Dockworkers and shipping agents have agreed to close the old grain quay for \
    eleven months so that divers can replace the rotting timber piles beneath it.\n\nThe board \
    approved the plan by seven votes to two late on Monday, after an inspector had warned that a \
    barge could bring down forty metres of the deck.\n\nWork is due to begin in the second week \
    of April, and the cranes are to be moved to the eastern basin before that, the board said.";

fn found(text: &str) -> Vec<(NewsLineKind, &str)> {
    news_lines(text).into_iter().map(|line| (line.kind, &text[line.bytes])).collect()
}

/// The first paragraph begins with these words, and they are a dateline but for the rest.
#[test]
fn datelines() {
    let cases = [
        "PARIS, Jan 7 (Agency) —",
        "WASHINGTON (AP) _",
        "BERLIN, 7. Januar (dpa) –",
        "MADRID, 7 ene. (EFE).-",
        "Paris (AFP) -",
        "LONDON —",
        "PORT ELLERY, March 3 (Meridian Wire) —",
        "Port Ellery, Tuesday —",
        "PORT ELLERY (Meridian Wire) —",
        "ST. ALBANS, Vt. (AP) —",
        "SALT LAKE CITY —",
        "AIX-EN-PROVENCE —",
        "McALLEN, Texas (AP) --",
        "Washington, D.C. -",
        "WASHINGTON, DC --",
        "(WASHINGTON, D.C.) –",
        "Berlin (dpa) –",
        "Frankfurt am Main (Reuters) -",
        "BERLIN/PARIS (dpa-AFX) -",
        "Brüssel –",
        "MÉXICO, 3 mar (Notimex).-",
        "BUENOS AIRES, 12 de mayo (Télam) -",
        "ROMA, 7 gennaio (ANSA) -",
        "LISBOA, 3 mar (Lusa) –",
        "GENÈVE, 7 janvier (ATS) —",
        "NEW DELHI, Jan 7 (PTI):",
        "SEOUL, Jan. 7 (Yonhap) --",
        "МОСКВА —",
        "(Reuters) -",
        "THE HAGUE, Sept. 12, 2008 (AFP) –",
    ];
    for case in cases {
        for before in ["", "Quay to close for months\n\n", "Quay to close\nBy Jane Doe\n\n"] {
            let text = format!("{before}{case} {BODY}");
            let lines = found(&text);
            assert_eq!(lines.last(), Some(&(Dateline, case)), "{text}");
            assert_eq!(lines.len(), 1 + usize::from(before.contains("By ")), "{text}");
        }
    }
    let text = format!("Quay to close\n\nBEIJING—The {BODY}");
    assert_eq!(found(&text), [(Dateline, "BEIJING—")]);
}

/// Lines of their own below the headline.
#[test]
fn lines_at_the_head() {
    let cases = [
        (Byline, "By Jane Doe"),
        (Byline, "By JANE DOE and JOHN ROE, Staff Writers"),
        (Byline, "BY MARK NIESSEN"),
        (Byline, "By Jane Q. Doe, Political Editor"),
        (Byline, "By Ottoline Marsh in Dunsby"),
        (Byline, "By Jane Doe | 7 May 2008"),
        (Byline, "By Jane Doe, Ann Lee and John Roe"),
        (Byline, "By: Jane Doe"),
        (Byline, "By our shipping staff and agencies"),
        (Byline, "From our Port Ellery correspondent"),
        (Byline, "Von Max Mustermann"),
        (Byline, "Von Anna von der Heide und Max Mustermann"),
        (Byline, "Von Max Mustermann, dpa"),
        (Byline, "Par Jeanne Dupont"),
        (Byline, "Par Jeanne Dupont et Luc de la Tour"),
        (Byline, "Por Juan Pérez"),
        (Byline, "Por Casilda Ferrán y Juan de la Cruz"),
        (Byline, "Di Mario Bianchetti"),
        (Byline, "Door Jan de Vries"),
        (Byline, "Autor: Max Mustermann"),
        (Stamp, "Updated 3:15 PM ET, Mon January 7, 2008"),
        (Stamp, "Published: 7 January 2008"),
        (Stamp, "January 7, 2008"),
        (Stamp, "7. Januar 2008, 18:30 Uhr"),
        (Stamp, "Stand: 07.01.2008"),
        (Stamp, "Publié le 7 janvier 2008 à 18h30"),
        (Stamp, "Actualizado el 7 de enero de 2008"),
        (Stamp, "Aug. 19, 2025, 6:42 a.m. ET"),
        (Stamp, "6 min read"),
        (Stamp, "2008-01-07"),
        (ReadMore, "Follow us on social"),
        (ReadMore, "Read more: The quay that would not die"),
        (Credit, "Photo: Jane Doe/AFP"),
        (Credit, "Foto: dpa"),
        (Credit, "AFP/xyz"),
    ];
    for (kind, line) in cases {
        let text = format!("Quay to close for months\n\n{line}\r\n\n{BODY}");
        assert_eq!(found(&text), [(kind, line)], "{text}");
    }
    let text = format!("Quay to close\n  BY MARK NIESSEN  \nAssociated Press Writer\n\n{BODY}");
    assert_eq!(found(&text), [(Byline, "BY MARK NIESSEN"), (Byline, "Associated Press Writer")]);
    let tokens = Tokens::of(&text);
    let aside = news_tokens(&news_lines(&text), &tokens);
    assert_eq!((aside.len(), &aside[0]), (1, &(3..9)));
}

/// Lines of their own below the last paragraph.
#[test]
fn lines_at_the_foot() {
    let cases = [
        (Credit, "(Meridian Wire)"),
        (Credit, "(dpa/AFP/jd)"),
        (Credit, "dpa"),
        (Credit, "Reuters contributed to this report"),
        (Credit, "Jane Doe contributed reporting from Helsinki."),
        (Credit, "Jeanne Dupont a contribué à cet article."),
        (Credit, "Max Mustermann hat zu diesem Bericht beigetragen."),
        (Credit, "Mit Material von dpa"),
        (Credit, "Con información de EFE"),
        (Credit, "Quelle: dpa"),
        (Copyright, "© 2008 The Associated Press. All rights reserved."),
        (Copyright, "Copyright 2008 Valley Gazette"),
        (Copyright, "Copyright Valley Gazette Newspapers. All rights reserved. Terms of use."),
        (Copyright, "(c) 2008 Valley Gazette"),
        (Copyright, "Alle Rechte vorbehalten."),
        (Copyright, "Valley Gazette - Tous droits réservés"),
        (Copyright, "Todos los derechos reservados."),
        (ReadMore, "Read more"),
        (ReadMore, "Lire aussi : Le quai qui tombe"),
        (ReadMore, "À lire aussi"),
        (ReadMore, "Lesen Sie auch: Der Kai, der fällt"),
        (ReadMore, "Mehr zum Thema"),
        (ReadMore, "Leer más »"),
        (ReadMore, "Continue reading the main story"),
        (ReadMore, "keep reading"),
        (ReadMore, "Follow us on Chirp and Facepage"),
        (Stamp, "Last updated: 7 January 2008"),
        (Byline, "By Jane Doe"),
    ];
    for (kind, line) in cases {
        let text = format!("Quay to close for months\n\n{BODY}\n\n{line}\n");
        assert_eq!(found(&text), [(kind, line)], "{text}");
    }
    for end in ["(dpa)", "(AFP/jd)", "(Meridian Wire)"] {
        let text = format!("Quay to close for months\n\n{BODY} {end}\n");
        assert_eq!(found(&text), [(Credit, end)], "{text}");
    }
}

/// The line stands below the headline, and again at the foot.
#[test]
fn none_of_these() {
    let cases = [
        "By Monday, the quay had been closed and the cranes were gone for good.",
        "By Monday",
        "By Popular Demand",
        "By the time the divers came, the piles had gone",
        "By Land and Sea",
        "By the Numbers",
        "By Plato",
        "By George, the Quay Is Open",
        "Von Anfang an war der Kai zu klein.",
        "Von Hamburg nach Berlin",
        "Von Kopf bis Fuß",
        "Par ailleurs, le quai sera fermé.",
        "Par amour du port",
        "Por la mañana, el muelle estaba cerrado.",
        "Por ejemplo",
        "LONDON BRIDGE IS FALLING",
        "QUAY TO CLOSE FOR ELEVEN MONTHS - BOARD",
        "FIRE AT MILL - Three dead in blaze near the river crossing and the quay",
        "London — a city of bridges — has lost another one, and nobody saw it coming.",
        "Paris — the one in Texas — has lost another bridge, and nobody saw it coming.",
        "The board said — and nobody contradicted — that the quay would have to be closed.",
        "Angela Muster (CDU) – Die Abgeordnete sprach am Montag über den Kai und den Hafen.",
        "SMITH (R-VA) — The senator spoke on Monday about the quay and the harbour, at length.",
        "EXCLUSIVE — The board has agreed to close the quay, according to several members.",
        "BREAKING - The board has agreed to close the quay, according to several members.",
        "PARIS-based divers have replaced the rotting timber piles beneath the quay, at last.",
        "OSLO-BERGEN is the line that everybody takes when the ferries are late, he said.",
        "Peter Roe (2003) – The film of the quay is shown again on Monday at the library.",
        "Interview - The man who closed the quay has no regrets, he told us on Monday.",
        "Read more books, minister tells pupils",
        "Follow the money",
        "Related problems were found at the eastern end.",
        "Copyright law of 1976 challenged in court",
        "Photographs of the quay were shown.",
        "May 1968",
        "11 September",
        "7 quays in 30 days",
        "Wednesday, 7 May",
        "Wednesday, 7 May 2008:",
        "May 2005 – June 2007",
        "540-428-2323",
        "1,200 tonnes of grain",
        "He wrote a report by himself on the contribution of the harbour.",
        "The harbour board contributed to the fund.",
        "AP and I",
        "The news agency was called Associated Press (AP)",
        "Staff and agencies were told to leave",
        "From our hearts",
        "Jane Doe",
        "夜行列車「ほしかげ」、来月で運行終了へ",
        "- PARIS — it is said in the harbour that the quay will never be opened again.",
    ];
    for line in cases {
        let text = format!("Quay to close for months\n\n{line}\n\n{BODY}\n\n{line}");
        assert_eq!(found(&text), [], "{line}");
    }
}

#[test]
fn speakers_are_no_places() {
    let text = format!(
        "Two on the quay\n\nMARSH — The piles are rotten, and {BODY}\n\nQUILL — \
        They have been for years, and nobody has said a word about it in public until today."
    );
    assert_eq!(found(&text), []);
}

#[test]
fn what_is_in_the_middle_is_not_looked_at() {
    let body = format!("{BODY}\n\n{BODY}\n\n{BODY}\n\n{BODY}");
    let text = format!("Quay to close\n\n{body}\n\nBy Jane Doe\n\nRead more\n\n{body}\n\n{body}");
    assert_eq!(found(&text), []);
}

#[test]
fn short_texts_are_left_whole() {
    let text = "LONDON (Reuters) - The quay is closed for months.\nBy Jane Doe";
    assert_eq!(news_lines(text).len(), 2);
    assert_eq!(news_tokens(&news_lines(text), &Tokens::of(text)), []);
}

#[test]
fn names_are_stable() {
    let names = [Dateline, Byline, Credit, Copyright, Stamp, ReadMore].map(|kind| kind.to_string());
    assert_eq!(names, ["dateline", "byline", "credit", "copyright", "stamp", "read-more"]);
}

/// The sample articles: what is set around them is found, and nothing within.
#[test]
fn sample_articles() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/articles");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        all.extend(found(&text).iter().map(|(kind, line)| format!("{name} {kind} {line}")));
    }
    all.sort();
    assert_eq!(
        all,
        [
            "chess-clock-tower byline From a special correspondent in Mallow",
            "faro-es byline Por Casilda Ferrán",
            "harbour-agency dateline PORT ELLERY, March 3 (Meridian Wire) —",
            "harbour-daily byline By our shipping staff and agencies",
            "harbour-daily dateline Port Ellery, Tuesday —",
            "harbour-local byline From our Port Ellery correspondent",
            "harbour-short dateline PORT ELLERY (Meridian Wire) —",
            "orchard-original copyright © The Brackwater Standard. Registered office: 4 Tannery \
             Row, Brackwater. Complaints are handled under the regional press code.",
            "storm-courier dateline DUNSBY —",
            "storm-observer byline By Ottoline Marsh in Dunsby",
            "valley-gazette-bridge byline By Corin Ashdale",
            "valley-gazette-bridge copyright Copyright Valley Gazette Newspapers. All rights \
             reserved. Terms of use, privacy notice and cookie settings.",
            "valley-gazette-choir byline By Lettie Quill",
            "valley-gazette-choir copyright Copyright Valley Gazette Newspapers. All rights \
             reserved. Terms of use, privacy notice and cookie settings.",
        ]
    );
}
