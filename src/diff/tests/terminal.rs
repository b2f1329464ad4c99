//! What a report looks like on a terminal.

use super::super::columns::columns;
use super::super::*;
use super::tokens;
use proptest::prelude::*;

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const RESET: &str = "\u{1b}[0m";

/// With colours and isolates, as `dedupe` prints on a terminal.
fn coloured(width: usize) -> Style {
    Style {
        width,
        deleted: Marks::new(format!("{RED}[-"), format!("-]{RESET}")),
        inserted: Marks::new(format!("{GREEN}{{+"), format!("+}}{RESET}")),
        dim: Marks::new("\u{1b}[2m", RESET),
        isolate: true,
        ..Style::default()
    }
}

/// A text without colours and isolates.
fn stripped(printed: &str) -> String {
    let mut printed = printed.replace(|c| matches!(c, '\u{2066}'..='\u{2069}'), "");
    for colour in [RED, GREEN, RESET, "\u{1b}[2m"] {
        printed = printed.replace(colour, "");
    }
    printed
}

/// Isolates as one sees them.
fn seen(printed: &str) -> String {
    let names = [('\u{2066}', "‹L "), ('\u{2067}', "‹R "), ('\u{2068}', "‹F "), ('\u{2069}', "›")];
    names.iter().fold(printed.to_owned(), |printed, (c, name)| printed.replace(*c, name))
}

/// Texts with words of many scripts, none wider than a narrow line, and another version of each.
fn versions() -> impl Strategy<Value = (String, String)> {
    let words = ["the", "harbour", "3,000", "“quay”", "e\u{301}te\u{301}", "नमस्ते", "한국어", "👍🏽"];
    let words =
        [&words[..], &["星の寝台、", "最後の夜へ。", "「町」", "เก้าอี้น้ำ", "ສະບາຍດີ"]].concat();
    let words =
        [&words[..], &["مرحبا،", "بالعالم", "שלום", "(עולם)", "\u{301}", "\u{200f}x"]].concat();
    let word = proptest::sample::select(words);
    let space = proptest::sample::select(vec![" ", " ", " ", "\n", "\n\n", "\t"]);
    let text = proptest::collection::vec((word.clone(), space), 0..60);
    let cut = (0..60usize, 0..20usize, proptest::collection::vec(word, 0..12));
    (text, cut).prop_map(|(text, (at, dropped, new))| {
        let of = |words: &[(&str, &str)]| -> String {
            words.iter().map(|(word, space)| format!("{word}{space}")).collect()
        };
        let at = at.min(text.len());
        let end = (at + dropped).min(text.len());
        let new: String = new.iter().map(|word| format!("{word} ")).collect();
        (of(&text), format!("{}{new}{}", of(&text[..at]), of(&text[end..])))
    })
}

proptest! {
    #[test]
    fn lines_keep_to_the_width((a, b) in versions(), width in 0usize..130) {
        let report = DiffReport::between(&a, &b);
        let cluster = ClusterReport::new(|at| [&a[..], &b, "new"][at], 0, &[1, 2]);
        let style = coloured(width);
        let names = ["first name", "שם ארוך מאוד של קובץ", "x"];
        let cluster = cluster.display(&style, |member| names[member]).to_string();
        let plain = Style { width, ..Style::default() };
        let printed = [report.display(&style).to_string(), report.display(&plain).to_string()];
        for line in printed.iter().chain([&cluster]).flat_map(|printed| printed.lines()) {
            prop_assert!(columns(&stripped(line)) <= width.max(20), "{} {:?}", width, line);
        }
    }

    #[test]
    fn width_colours_and_isolates_change_no_word((a, b) in versions(), width in 0usize..130) {
        let report = DiffReport::between(&a, &b);
        let without_space = |printed: &str| printed.split_whitespace().collect::<String>();
        let wide = report.display(&Style { width: 1 << 30, ..Style::default() }).to_string();
        let printed = report.display(&coloured(width)).to_string();
        prop_assert_eq!(without_space(&stripped(&printed)), without_space(&wide));
        // Each line closes what it opens.
        for line in printed.lines() {
            let count = |marks: &[&str]| -> usize {
                marks.iter().map(|mark| line.matches(mark).count()).sum()
            };
            prop_assert_eq!(
                count(&["\u{2066}", "\u{2067}", "\u{2068}"]),
                count(&["\u{2069}"]),
                "{:?}", line
            );
            prop_assert_eq!(count(&[RED, GREEN, "\u{1b}[2m"]), count(&[RESET]), "{:?}", line);
        }
    }

    #[test]
    fn short_texts_are_there_word_for_word((a, b) in versions()) {
        let first = |text: &str| -> String {
            text.split_whitespace().take(5).collect::<Vec<_>>().join(" ")
        };
        let (a, b) = (first(&a), first(&b));
        let report = DiffReport::between(&a, &b);
        let printed = report.to_string();
        let words = tokens(&printed);
        for text in [&a, &b].into_iter().filter(|_| !report.is_same()) {
            for token in tokens(text) {
                prop_assert!(words.contains(&token), "{:?} in {}", token, printed);
            }
        }
    }
}

#[test]
fn colours_end_with_the_line_and_brackets_do_not() {
    let words = "one two three four five six seven eight nine ten";
    let old = format!("start {words} end");
    let report = DiffReport::between(&old, "start end");
    let style = Style { dim: Marks::default(), ..coloured(30) };
    assert_eq!(
        report.display(&style).to_string(),
        format!(
            "2 words the same; 1 passage\n\
             changed\n\
             \n\
             changed  start {RED}[-one two three{RESET}\n         \
             {RED}four five six seven{RESET}\n         \
             {RED}eight nine ten-]{RESET} end\n"
        )
    );
}

#[test]
fn a_word_longer_than_the_line_stands_alone() {
    let url = "https://example.org/a/very/long/address/that/goes/on";
    let new = format!("See it here {url} now.");
    let report = DiffReport::between("See it here now.", &new);
    let style = Style { width: 30, ..Style::default() };
    let printed = report.display(&style).to_string();
    let expected = format!("changed  See it here\n         {{+{url}+}}\n         now.\n");
    assert!(printed.ends_with(&expected), "{printed}");
}

/// Two reports in scripts that are written in other ways, on a narrow terminal.
#[test]
fn other_scripts_read_so() {
    let printed: Vec<String> = VERSIONS
        .iter()
        .map(|(a, b)| {
            let style = Style { width: 48, isolate: true, ..Style::default() };
            seen(&DiffReport::between(a, b).display(&style).to_string())
        })
        .collect();
    let printed = printed.join("\n");
    assert_eq!(printed, SCRIPTS, "\n{printed}");
}

const VERSIONS: [(&str, &str); 4] = [
    (
        "أعلن مجلس المدينة يوم الاثنين إغلاق الجسر القديم (المعروف باسم «جسر الحجر») حتى نهاية الخريف. \
         وقال متحدث باسم شركة NBT إن كلفة الأعمال تبلغ 46 مليون دينار.",
        "أعلن مجلس المدينة يوم الثلاثاء إغلاق الجسر القديم (المعروف باسم «جسر الحجر») حتى نهاية الخريف. \
         وقال متحدث باسم شركة NBT إن كلفة الأعمال تبلغ 48 مليون دينار.",
    ),
    (
        "עיריית חיפה הודיעה ביום שני כי הגשר הישן ייסגר לשיפוצים. התנועה תופנה לכביש 4 עד סוף החודש.",
        "עיריית חיפה הודיעה ביום שלישי, כי הגשר הישן ייסגר. התנועה תופנה לכביש 4 (Route 4) עד סוף החודש.",
    ),
    (
        "市议会星期一宣布，老石桥将于五月关闭，进行维修。“这座桥已有九十四年历史，”工程师说，“不能再等了。”",
        "市议会星期二宣布，老石桥将于五月关闭，进行维修。“这座桥已有九十四年历史，”总工程师说，“不能再等了。”",
    ),
    (
        "สภาเมืองประกาศเมื่อวันจันทร์ว่าสะพานหินเก่าจะปิดซ่อมจนถึงสิ้นเดือน ชาวบ้านต้องใช้สะพานบนแทน",
        "สภาเมืองประกาศเมื่อวันอังคารว่าสะพานหินเก่าจะปิดซ่อมจนถึงสิ้นปี ชาวบ้านต้องใช้สะพานบนแทน",
    ),
];

const SCRIPTS: &str = "\
25 words the same; 1 passage changed

changed  ‹R ‹R أعلن مجلس المدينة يوم› [-‹R الاثنين›-]›
         ‹R {+‹R الثلاثاء›+} ‹R إغلاق الجسر القديم (المعروف››
         ‹R ‹R باسم «جسر الحجر») حتى نهاية الخريف.››
         ‹R ‹R وقال متحدث باسم شركة NBT إن كلفة الأعمال››
         ‹R ‹R تبلغ› [-‹R 46›-] {+‹R 48›+} ‹R مليون دينار.››

15 words the same; 1 passage changed

changed  ‹R ‹R עיריית חיפה הודיעה ביום› [-‹R שני›-]›
         ‹R {+‹R שלישי,›+} ‹R כי הגשר הישן ייסגר.››
         ‹R [-‹R לשיפוצים.›-] ‹R התנועה תופנה לכביש 4››
         ‹R {+‹R (Route 4)›+} ‹R עד סוף החודש.››

40 characters the same; 1 passage changed

changed  市议会星期[-一-]{+二+}宣布，老石桥将于
         五月关闭，进行维修。“这座桥已有九十四年
         历史，”{+总+}工程师说，“不能再等了。”

64 characters the same; 1 passage changed

changed  สภาเมืองประกาศเมื่อวัน[-จันทร์-]{+อังคาร+}ว่าสะ
         พานหินเก่าจะปิดซ่อมจนถึงสิ้น[-เดือน-] {+ปี+} ชาว
         บ้านต้องใช้สะพานบนแทน
";
