//! The screen that the text output is for: its width, and text laid out in it.

use std::env;
use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use reprint::diff::has_rtl;
use unicode_width::UnicodeWidthStr;

use crate::text::printable;

/// Columns where there is no terminal, so that what goes into a file is always the same.
const WIDTH: usize = 96;

/// Narrower and wider terminals are used as if they were these.
const NARROWEST: usize = 40;
const WIDEST: usize = 120;

/// Where the text output goes.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Columns of the longest line.
    pub width: usize,
    /// Whether text from right to left is kept apart from the text around it. A file stays plain.
    pub isolate: bool,
}

impl Screen {
    /// That of the standard output. The variable COLUMNS sets the width where it is there.
    pub fn of_stdout() -> Self {
        let stdout = io::stdout();
        let columns = env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let terminal = || Some(usize::from(terminal_size::terminal_size_of(&stdout)?.0.0));
        let width = columns.or_else(terminal).filter(|&columns| columns > 0);
        let width = width.map_or(WIDTH, |columns| columns.clamp(NARROWEST, WIDEST));
        // Somebody who asks for colours in a pipe has a terminal at its end.
        let coloured = AutoStream::choice(&stdout) != ColorChoice::Never;
        Self { width, isolate: coloured || stdout.is_terminal() }
    }

    /// Something from the input as it is printed: without what steers the terminal, and of one
    /// direction.
    pub fn shown(self, text: &str) -> String {
        let text = printable(text);
        let isolated = self.isolate && has_rtl(&text);
        if isolated { format!("\u{2068}{text}\u{2069}") } else { text }
    }

    /// The same, shortened to so many columns.
    pub fn cut(self, text: &str, columns: usize) -> String {
        let text = printable(text);
        if text.width() <= columns {
            return self.shown(&text);
        }
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = ends.take_while(|&end| text[..end].width() < columns).last().unwrap_or(0);
        // A joiner wants the rest of its emoji.
        let start = text[..end].trim_end_matches('\u{200d}').trim_end();
        self.shown(&format!("{start}…"))
    }

    /// Words in lines, the first behind one margin, the others behind another.
    pub fn wrapped(self, text: &str, first: &str, rest: &str) -> String {
        let mut lines = first.to_owned();
        let mut column = first.width();
        let mut is_start = true;
        for word in text.split(' ') {
            let gap = usize::from(!is_start);
            if !is_start && column + gap + word.width() > self.width {
                lines.truncate(lines.trim_end_matches(' ').len());
                lines = format!("{lines}\n{rest}");
                column = rest.width();
            } else if gap > 0 {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += word.width();
            is_start = false;
        }
        lines
    }
}
