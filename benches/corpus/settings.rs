//! What a corpus is made of.

use std::ops::RangeInclusive;

use super::{Kind, Rng};

/// How to make a corpus. The same settings always make the same corpus.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names the corpus: another seed, another corpus of the same language.
    pub seed: u64,
    /// How many articles there are.
    pub articles: usize,
    /// What kinds of articles there are, and how many of each.
    pub mix: Mix,
    /// How large families get: ranges of members (the original counts), each with a weight.
    pub families: Vec<(RangeInclusive<usize>, f64)>,
    /// How many articles further on, at most, the copies of an original come.
    pub spread: usize,
    /// How many sites lend their furniture and their footers.
    pub sites: usize,
    /// How many moulds the template siblings are cast from.
    pub moulds: usize,
}

impl Settings {
    /// A corpus of independent articles and copies of them.
    pub fn new(articles: usize, seed: u64) -> Self {
        Self {
            seed,
            articles,
            mix: Mix::plain(),
            families: vec![(2..=2, 0.60), (3..=3, 0.26), (4..=8, 0.125), (9..=50, 0.015)],
            spread: 100_000,
            sites: 40,
            moulds: 20,
        }
    }

    /// The same corpus with another mix.
    pub fn with_mix(self, mix: Mix) -> Self {
        Self { mix, ..self }
    }

    /// Says what is wrong with the settings, if anything is.
    pub fn check(&self) -> Result<(), &'static str> {
        let chance = self.family_chance();
        if !(0.0..=1.0).contains(&self.mix.copies) || !(0.0..=1.0).contains(&chance) {
            return Err("the mix must leave enough originals for its copies");
        }
        if self.sites == 0 || self.moulds == 0 || self.spread == 0 {
            return Err("sites, moulds and spread must not be 0");
        }
        Ok(())
    }

    /// The probability that an original has copies.
    pub(super) fn family_chance(&self) -> f64 {
        if self.mix.copies == 0.0 {
            return 0.0;
        }
        let originals = 1.0 - self.mix.copies - self.mix.others();
        self.mix.copies / (originals * self.copies_per_family())
    }

    /// How many copies a family has on average.
    fn copies_per_family(&self) -> f64 {
        let total: f64 = self.families.iter().map(|(_, weight)| weight).sum();
        let middle = |sizes: &RangeInclusive<usize>| (sizes.start() + sizes.end()) as f64 / 2.0;
        self.families.iter().map(|(sizes, w)| (middle(sizes) - 1.0) * w).sum::<f64>() / total
    }
}

/// The shares of articles that are not plain, independent stories, and how copies are edited.
#[derive(Clone, Debug)]
pub struct Mix {
    /// Share of articles that are planted copies of an original.
    pub copies: f64,
    /// Share of articles made of two stories.
    pub mosaics: f64,
    /// Share of articles cast from a mould.
    pub templates: f64,
    /// Share of articles that carry background from an older story.
    pub follow_ups: f64,
    /// Share of articles that are short and stand over a long footer.
    pub under_footers: f64,
    /// Share of articles all of whose paragraphs are also used in other articles.
    pub shared_paragraphs: f64,
    /// The share of the older story's words that a follow-up carries.
    pub background: RangeInclusive<f64>,
    /// How the copies are edited.
    pub edits: Edits,
}

impl Mix {
    /// Independent articles, copies, and a few mosaics.
    pub fn plain() -> Self {
        Self {
            copies: 0.3,
            mosaics: 0.01,
            templates: 0.0,
            follow_ups: 0.0,
            under_footers: 0.0,
            shared_paragraphs: 0.0,
            background: 0.45..=0.60,
            edits: Edits::all(),
        }
    }

    /// Copies among articles that look like copies and are none.
    pub fn hard() -> Self {
        Self { templates: 0.1, follow_ups: 0.1, under_footers: 0.1, ..Self::plain() }
    }

    /// Articles whose paragraphs are each used three or four times in different articles, and a
    /// few real copies among them.
    pub fn shared_paragraphs() -> Self {
        Self { copies: 0.1, mosaics: 0.0, shared_paragraphs: 0.7, ..Self::plain() }
    }

    /// The mix of that name: `plain`, `hard` or `shared-paragraphs`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "plain" => Some(Self::plain()),
            "hard" => Some(Self::hard()),
            "shared-paragraphs" => Some(Self::shared_paragraphs()),
            _ => None,
        }
    }

    /// The share of articles that are neither copies nor plain stories.
    pub(super) fn others(&self) -> f64 {
        self.mosaics
            + self.templates
            + self.follow_ups
            + self.under_footers
            + self.shared_paragraphs
    }
}

/// The weights of the kinds of edit, and how far each goes (shares, 0 to 1).
#[derive(Clone, Debug)]
pub struct Edits {
    /// Weight of exact copies.
    pub exact: f64,
    /// Weight of copy edits, and the share of words changed.
    pub copy_edits: (f64, RangeInclusive<f64>),
    /// Weight of heavy edits, and the share of words changed.
    pub heavy_edits: (f64, RangeInclusive<f64>),
    /// Weight of copies that only have another headline, standfirst and dateline.
    pub new_headline: f64,
    /// Weight of copies in page furniture, and the furniture as a share of the article's length.
    pub furniture: (f64, RangeInclusive<f64>),
    /// Weight of copies cut from the bottom, and the share of words kept.
    pub cut: (f64, RangeInclusive<f64>),
    /// Weight of extended copies, and the new text as a share of the article's length.
    pub extended: (f64, RangeInclusive<f64>),
    /// Weight of copies with paragraphs moved.
    pub moved: f64,
    /// Weight of copies with noise, and the share of characters hit.
    pub ocr: (f64, RangeInclusive<f64>),
}

impl Edits {
    /// Every kind of edit, each over its whole range.
    pub fn all() -> Self {
        Self {
            exact: 0.15,
            copy_edits: (0.2, 0.005..=0.03),
            heavy_edits: (0.1, 0.03..=0.15),
            new_headline: 0.1,
            furniture: (0.15, 0.2..=1.0),
            cut: (0.1, 0.2..=0.7),
            extended: (0.1, 0.2..=0.6),
            moved: 0.05,
            ocr: (0.05, 0.01..=0.10),
        }
    }

    /// Draws a kind of edit and how far it goes.
    pub(super) fn draw(&self, sites: usize, rng: &mut Rng) -> Kind {
        let site = rng.below(sites);
        let share = rng.between(&self.furniture.1);
        let kinds = [
            (self.exact, Kind::Exact),
            (self.copy_edits.0, Kind::CopyEdits(rng.between(&self.copy_edits.1))),
            (self.heavy_edits.0, Kind::HeavyEdits(rng.between(&self.heavy_edits.1))),
            (self.new_headline, Kind::NewHeadline),
            (self.furniture.0, Kind::Furniture { site, share }),
            (self.cut.0, Kind::Cut(rng.between(&self.cut.1))),
            (self.extended.0, Kind::Extended(rng.between(&self.extended.1))),
            (self.moved, Kind::Moved(0)),
            (self.ocr.0, Kind::Ocr(rng.between(&self.ocr.1))),
        ];
        let total: f64 = kinds.iter().map(|(weight, _)| weight).sum();
        let mut draw = rng.unit() * total;
        for (weight, kind) in kinds {
            draw -= weight;
            if draw < 0.0 {
                return kind;
            }
        }
        Kind::Exact
    }
}
