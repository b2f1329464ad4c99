//! The text output as it is seen, on terminals and in files.

use std::path::Path;

use super::*;

/// What is printed with some variables of the environment.
fn printed(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = command(arguments).envs(variables.iter().copied()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_samples_read_so() {
    let printed = printed(&[&samples()], &[]);
    assert!(
        printed == include_str!("samples.txt"),
        "tests/cli/samples.txt is not this:\n{printed}"
    );
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("there is one");
    let (_, shown) = readme.split_once("```text\nCluster 1").expect("a sample");
    let (shown, _) = shown.split_once("```").expect("its end");
    assert!(printed(&[&samples()], &[]).starts_with(&format!("Cluster 1{shown}")), "{shown}");
}

/// An article in some versions: id, source, date, headline, and what stands at the end.
fn corpus() -> String {
    let article = |(id, source, date, title, end): (&str, &str, &str, &str, &str)| {
        let text = format!("{BRIDGE} {end}");
        let mut line = json!({"id": id, "title": title, "text": text});
        for (name, value) in [("source", source), ("date", date)] {
            if !value.is_empty() {
                line[name] = value.into();
            }
        }
        format!("{line}\n")
    };
    let hebrew = [
        "עיריית חיפה הודיעה ביום שני כי הגשר הישן מעל הנחל ייסגר לשיפוצים, והתנועה תופנה לכביש 4.",
        "המהנדס Cohen אמר כי העבודות יימשכו עד סוף החודש, ואולי אף יותר, אם ירד גשם (כצפוי).",
        "החקלאים ביקשו שבוע נוסף, משום שהחציר עדיין בשדה, אך המהנדס לא רצה לשמוע על כך.",
    ];
    let chinese = "市议会星期一宣布，横跨河流的老石桥将从五月起关闭，以便石匠在秋汛之前更换磨损的拱顶石。\
        车辆将绕行狭窄而没有人行道的堰边小路。“这座桥已有九十四年历史，”工程师说，“不能再等了。”\
        农民曾请求推迟一周，因为干草还在田里，但没有人愿意听。";
    let texts = [
        ("תל אביב/1", hebrew.join("\n\n")),
        ("תל אביב/2", hebrew.join("\n\n").replace("שני", "שלישי").replace("כצפוי", "אולי")),
        ("市报", chinese.to_owned()),
        ("晚报", chinese.replace("星期一", "星期二").replace("秋汛之前", "冬天之前")),
    ];
    let articles = [
        ("courier", "Courier", "2024-05-01", "Bridge to close", "The mayor agreed."),
        ("post", "Evening Post", "2024-05-03", "Old bridge shuts", "The mayor agreed."),
        ("echo", "", "2024-05-09", "Old bridge shuts", "The mayor agreed, and so did the smith."),
        ("copy", "", "", "Old bridge shuts", "The mayor agreed, and so did the smith."),
    ];
    let articles: String = articles.into_iter().map(article).collect();
    // Excerpts that are said to be older than the article.
    let sentence = |at| BRIDGE.match_indices(". ").nth(at).expect("sentences").0 + 1;
    let early = json!({"id": "early", "date": "2024-04-30", "text": &BRIDGE[..sentence(1)]});
    let other = json!({"id": "other", "date": "2024-04-29", "text": &BRIDGE[sentence(0)..]});
    format!("{articles}{early}\n{other}\n") + &texts.map(|(id, text)| line(id, &text)).concat()
}

/// Colours and isolates as one sees them.
fn seen(printed: &str) -> String {
    let names = [
        ("\u{1b}[0m", "⟧"),
        ("\u{1b}[1m", "⟦bold "),
        ("\u{1b}[2m", "⟦dim "),
        ("\u{1b}[31m", "⟦red "),
        ("\u{1b}[32m", "⟦green "),
        ("\u{1b}[36m", "⟦cyan "),
        ("\u{2066}", "‹L "),
        ("\u{2067}", "‹R "),
        ("\u{2068}", "‹F "),
        ("\u{2069}", "›"),
    ];
    names.iter().fold(printed.to_owned(), |printed, (code, name)| printed.replace(code, name))
}

#[test]
fn a_narrow_terminal_reads_so() {
    let folder = Folder::new();
    let file = folder.file("corpus.jsonl", corpus());
    let variables = [("CLICOLOR_FORCE", "1"), ("COLUMNS", "64")];
    let printed = seen(&printed(&[&file], &variables));
    assert!(printed == include_str!("narrow.txt"), "tests/cli/narrow.txt is not this:\n{printed}");
}

#[test]
fn a_file_reads_the_same_without_colours() {
    let folder = Folder::new();
    let file = folder.file("corpus.jsonl", corpus());
    let plain = printed(&[&file], &[("COLUMNS", "64")]);
    assert!(!plain.contains(['\u{1b}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}']));
    let coloured = printed(&[&file], &[("CLICOLOR_FORCE", "1"), ("COLUMNS", "64")]);
    let mut stripped = anstream::adapter::strip_str(&coloured).to_string();
    stripped.retain(|c| !matches!(c, '\u{2066}'..='\u{2069}'));
    assert_eq!(stripped, plain);
    // Without a terminal a file has 96 columns, and NO_COLOR is respected.
    let file_width = printed(&[&file], &[]);
    assert_eq!(printed(&[&file], &[("COLUMNS", "96"), ("NO_COLOR", "1")]), file_width);
}

#[test]
fn lines_keep_to_the_width() {
    let folder = Folder::new();
    let file = folder.file("corpus.jsonl", corpus());
    for width in [1, 40, 57, 80, 120, 500] {
        let columns = width.to_string();
        for path in [&file, &samples()] {
            let variables = [("COLUMNS", columns.as_str()), ("CLICOLOR_FORCE", "1")];
            for line in printed(&[path], &variables).lines() {
                let line = anstream::adapter::strip_str(line).to_string();
                let limit = usize::clamp(width, 40, 120);
                assert!(
                    unicode_width::UnicodeWidthStr::width(&line[..]) <= limit,
                    "{width} {line}"
                );
            }
        }
    }
}
