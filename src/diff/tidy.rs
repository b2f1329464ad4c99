//! Matches to those that read well: where edits begin and end, and which are one.

use super::script::{Match, Script};
use super::source::Source;

/// The most words between two edits that may become one.
const BETWEEN: usize = 2;

impl Script {
    /// Makes the edits between matches fewer and cuts them where readers would.
    ///
    /// Two edits of one sentence with one or two words between them become one, if that leaves
    /// fewer marks. An edit of one side that could as well stand a few words earlier or later
    /// goes to where it begins and ends with a paragraph, a sentence, or a phrase.
    pub(super) fn tidy(&mut self, a: &Source<'_>, b: &Source<'_>) {
        self.join_edits(a, b);
        slide(&mut self.matches, a, b);
    }

    fn join_edits(&mut self, a: &Source<'_>, b: &Source<'_>) {
        // Deleted and inserted stretches between two matches.
        let marks = |left: &Match, right: &Match| {
            usize::from(left.end_a() < right.a) + usize::from(left.end_b() < right.b)
        };
        let within =
            |m: &Match| (0..=m.len).all(|at| a.strength(m.a + at) < 2 && b.strength(m.b + at) < 2);
        let mut kept: Vec<Match> = Vec::with_capacity(self.matches.len());
        for (index, m) in self.matches.iter().enumerate() {
            if let (Some(last), Some(next)) = (kept.last(), self.matches.get(index + 1))
                && m.len <= BETWEEN
                && marks(last, m) + marks(m, next) > 2
                && within(m)
            {
                continue;
            }
            kept.push(*m);
        }
        self.matches = kept;
    }
}

/// Moves edits of one side, as far as the words around them allow.
fn slide(matches: &mut [Match], a: &Source<'_>, b: &Source<'_>) {
    for index in 1..matches.len() {
        let (left, right) = (matches[index - 1], matches[index]);
        let (source, edit) = match (left.end_a() < right.a, left.end_b() < right.b) {
            (true, false) => (a, left.end_a()..right.a),
            (false, true) => (b, left.end_b()..right.b),
            _ => continue,
        };
        let ids = &source.ids;
        // One word of each match stays, so that no edit meets another.
        let back =
            (1..left.len).take_while(|&by| ids[edit.start - by] == ids[edit.end - by]).count();
        let forth =
            (0..right.len - 1).take_while(|&by| ids[edit.start + by] == ids[edit.end + by]).count();
        let score = |shifted: usize| {
            let start = edit.start - back + shifted;
            source.strength(start) + source.strength(start + edit.len())
        };
        // The nearest of the best places; the earlier one of two.
        let best = (0..=back + forth)
            .max_by_key(|&shifted| {
                let nearness = std::cmp::Reverse(shifted.abs_diff(back));
                (score(shifted), nearness, std::cmp::Reverse(shifted))
            })
            .unwrap_or(back);
        let (left_len, right_end) = (left.len + best - back, right.len + back);
        matches[index - 1].len = left_len;
        let right = &mut matches[index];
        (right.a, right.b) = (right.a + best - back, right.b + best - back);
        right.len = right_end - best;
    }
}
