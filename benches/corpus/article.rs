//! Articles, and the ways they are made.

/// An article and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Unique; in the order of the corpus when sorted as text (up to a hundred million articles).
    pub id: String,
    /// Headline, then paragraphs, separated by blank lines.
    pub text: String,
    /// The same for an original and its copies, and for nothing else.
    pub story: u64,
    /// How it was made.
    pub kind: Kind,
    /// The place in the corpus of the article it was made from, for copies, mosaics (their first
    /// story) and follow-ups.
    pub original: Option<usize>,
}

/// How an article was made, with what was drawn for it. Shares are from 0 to 1 (and above 1 for
/// nothing).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// An independent story.
    Original,
    /// The same text.
    Exact,
    /// This share of the words changed.
    CopyEdits(f64),
    /// This share of the words changed, more than a copy editor would.
    HeavyEdits(f64),
    /// Another headline, standfirst and byline.
    NewHeadline,
    /// Furniture of this site, as a share of the article's length.
    Furniture {
        /// Number of the site.
        site: usize,
        /// Words of furniture for each word of the article.
        share: f64,
    },
    /// Cut from the bottom to this share of the words.
    Cut(f64),
    /// New text of this share of the article's length added.
    Extended(f64),
    /// This many paragraphs moved; a story of fewer than three gets a new headline instead.
    Moved(usize),
    /// This share of the characters hit by noise.
    Ocr(f64),
    /// This share of one story (1 or 0.5), then half of another.
    Mosaic(f64),
    /// Cast from the mould of this number.
    Template(usize),
    /// This share of an older story carried as background.
    FollowUp(f64),
    /// A short story over the footer of the site of this number.
    UnderFooter(usize),
    /// This many paragraphs, all used elsewhere too.
    SharedParagraphs(usize),
}

impl Kind {
    /// The name of the kind, without what was drawn.
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Exact => "exact",
            Self::CopyEdits(_) => "copy-edits",
            Self::HeavyEdits(_) => "heavy-edits",
            Self::NewHeadline => "new-headline",
            Self::Furniture { .. } => "furniture",
            Self::Cut(_) => "cut",
            Self::Extended(_) => "extended",
            Self::Moved(_) => "moved",
            Self::Ocr(_) => "ocr",
            Self::Mosaic(_) => "mosaic",
            Self::Template(_) => "template",
            Self::FollowUp(_) => "follow-up",
            Self::UnderFooter(_) => "under-footer",
            Self::SharedParagraphs(_) => "shared-paragraphs",
        }
    }

    /// Whether it is a planted copy, which has the story number of its original.
    pub fn is_copy(self) -> bool {
        matches!(
            self,
            Self::Exact
                | Self::CopyEdits(_)
                | Self::HeavyEdits(_)
                | Self::NewHeadline
                | Self::Furniture { .. }
                | Self::Cut(_)
                | Self::Extended(_)
                | Self::Moved(_)
                | Self::Ocr(_)
        )
    }
}
