//! What happened to each story: a page for people, or JSON lines for programs.
//!
//! Either is written cluster by cluster, and no more than one cluster's texts are in memory.

mod diff;
mod figures;
mod lines;
mod page;
mod section;
mod story;

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use reprint::Clusters;

use crate::Usage;
use crate::again::Again;
use crate::output::Totals;

/// What --report writes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Page,
    Lines,
}

impl Kind {
    /// The name of a file says what goes into it.
    pub fn of(path: &Path) -> Result<Self, Usage> {
        let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("html" | "htm") => Ok(Self::Page),
            Some("jsonl" | "ndjson") => Ok(Self::Lines),
            _ => Err(Usage(format!(
                "--report {}: the name must end in .html for a page, or in .jsonl for JSON lines",
                path.display(),
            ))),
        }
    }
}

/// Writes the report on all clusters.
pub fn write(
    out: &mut dyn Write,
    kind: Kind,
    again: &mut Again<'_>,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> Result<()> {
    match kind {
        Kind::Page => page::write(out, again, clusters, totals),
        Kind::Lines => lines::write(out, again, clusters),
    }
}
