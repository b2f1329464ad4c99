//! What can go wrong, which is little: a parameter out of its range, a folder that cannot be used,
//! or a comparison of things that cannot be compared. Text never causes an error.

use std::fmt;
use std::path::{Path, PathBuf};

/// An error of this crate: one word wide, with a [kind](Error::kind) to match on and a message
/// that says what was expected, what came, and what to do.
#[derive(Clone, PartialEq)]
pub struct Error(Box<ErrorKind>);

/// What went wrong.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter is outside its range.
    Parameter {
        /// The name of the parameter, as in the builder or constructor.
        name: &'static str,
        /// The rule that it has to obey, as the end of the sentence "NAME must be …".
        rule: &'static str,
        /// The value that came.
        value: String,
    },
    /// Bytes that were to be read as something stored are no such thing, or damaged.
    Format {
        /// What was expected.
        expected: &'static str,
        /// What came instead.
        found: &'static str,
    },
    /// A folder to work in cannot be used.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why, such as "another process works in it".
        problem: String,
    },
    /// Two signatures, a signature and an index, or furniture and a deduper, were made with
    /// different settings, so that a number computed from both would mean nothing.
    Mismatch {
        /// What differs: "recipe", "seed", "slots", "bits" or "shingle size".
        what: &'static str,
        /// The value on the left side (the one the method was called on).
        left: String,
        /// The value on the right side (the argument).
        right: String,
    },
}

impl Error {
    /// What went wrong, for matching.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    pub(crate) fn parameter(name: &'static str, rule: &'static str, value: impl ToString) -> Self {
        Self(Box::new(ErrorKind::Parameter { name, rule, value: value.to_string() }))
    }

    pub(crate) fn format(expected: &'static str, found: &'static str) -> Self {
        Self(Box::new(ErrorKind::Format { expected, found }))
    }

    pub(crate) fn folder(path: &Path, problem: String) -> Self {
        Self(Box::new(ErrorKind::Folder { path: path.into(), problem }))
    }

    pub(crate) fn mismatch(what: &'static str, left: impl ToString, right: impl ToString) -> Self {
        Self(Box::new(ErrorKind::Mismatch {
            what,
            left: left.to_string(),
            right: right.to_string(),
        }))
    }
}

/// The error of a parameter that breaks its rule.
pub(crate) fn check(
    holds: bool,
    name: &'static str,
    rule: &'static str,
    value: impl ToString,
) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::parameter(name, rule, value)) }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Parameter { name, rule, value } => {
                write!(f, "{name} must be {rule}, but is {value}")
            }
            ErrorKind::Format { expected, found } => {
                write!(f, "these bytes are no {expected}: {found}")
            }
            ErrorKind::Folder { path, problem } => {
                write!(f, "the folder {} cannot be worked in: {problem}", path.display())
            }
            ErrorKind::Mismatch { what, left, right } => write!(
                f,
                "what was made with different {what} cannot be compared ({left} and {right}): \
                 make both with the same settings"
            ),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn messages_name_the_rule_and_the_value() {
        let error = Error::parameter("threshold", "above 0 and at most 1", 1.5);
        assert_eq!(error.to_string(), "threshold must be above 0 and at most 1, but is 1.5");
        let error = Error::mismatch("slots", 64, 128);
        assert!(error.to_string().contains("different slots"));
        assert!(error.to_string().contains("64 and 128"));
    }
}
