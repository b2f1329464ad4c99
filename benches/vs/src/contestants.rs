//! Who runs, and with what words on the command line.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use gaoya::minhash::calculate_minhash_params;

/// Slots of a signature.
const SLOTS: usize = 128;

/// A program with its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Contestant {
    pub program: Program,
    /// The Jaccard index from which pairs are asked for; none for those that know nothing of it.
    pub threshold: Option<f64>,
    pub threads: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `wc -w`, which finds nothing but words: a floor.
    Wc,
    /// reprint, all defaults.
    Defaults,
    /// reprint, by its Jaccard measure.
    Jaccard,
    Gaoya,
    Lshdedup,
    Datasketch,
    Rensa,
    RensaRho,
    Datatrove,
}

impl Program {
    pub const ALL: [Self; 9] = [
        Self::Wc,
        Self::Defaults,
        Self::Jaccard,
        Self::Gaoya,
        Self::Lshdedup,
        Self::Datasketch,
        Self::Rensa,
        Self::RensaRho,
        Self::Datatrove,
    ];

    /// As in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Wc => "`wc -w`",
            Self::Defaults => "reprint, defaults",
            Self::Jaccard => "reprint, Jaccard",
            Self::Gaoya => "gaoya, MinHasher32",
            Self::Lshdedup => "lshdedup-core",
            Self::Datasketch => "datasketch (Python)",
            Self::Rensa => "rensa, R-MinHash (Python)",
            Self::RensaRho => "rensa, rho (Python)¹",
            Self::Datatrove => "datatrove (Python)",
        }
    }

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wc => "wc",
            Self::Defaults => "defaults",
            Self::Jaccard => "jaccard",
            Self::Gaoya => "gaoya",
            Self::Lshdedup => "lshdedup",
            Self::Datasketch => "datasketch",
            Self::Rensa => "rensa",
            Self::RensaRho => "rensa-rho",
            Self::Datatrove => "datatrove",
        }
    }

    pub fn is_python(self) -> bool {
        matches!(self, Self::Datasketch | Self::Rensa | Self::RensaRho | Self::Datatrove)
    }

    fn uses_threads(self) -> bool {
        !matches!(self, Self::Wc | Self::Lshdedup | Self::Datasketch | Self::Datatrove)
    }

    fn uses_threshold(self) -> bool {
        !matches!(self, Self::Wc | Self::Defaults)
    }
}

/// All runs of these programs, at one and two threads where that is a choice.
pub fn all(programs: &[Program], thresholds: &[f64]) -> Vec<Contestant> {
    let mut found = Vec::new();
    for &program in programs {
        let thresholds: Vec<Option<f64>> = match program.uses_threshold() {
            true => thresholds.iter().copied().map(Some).collect(),
            false => vec![None],
        };
        for threshold in thresholds {
            for threads in 1..=if program.uses_threads() { 2 } else { 1 } {
                found.push(Contestant { program, threshold, threads });
            }
        }
    }
    found
}

/// Bands and rows of the peers: the most rows whose chance to catch a pair at the threshold is
/// above 0.99, which gaoya works out.
pub fn banding(threshold: f64) -> (usize, usize) {
    calculate_minhash_params(threshold, SLOTS)
}

/// Where things are.
#[derive(Debug)]
pub struct Places {
    pub dedupe: PathBuf,
    pub python: PathBuf,
    pub peers: PathBuf,
}

impl Contestant {
    /// The process to start. What it prints is its clusters, unless it writes them to `clusters`
    /// itself; pairs are written when there is a place for them.
    pub fn command(
        &self,
        places: &Places,
        corpus: &Path,
        clusters: &Path,
        pairs: Option<&Path>,
    ) -> Result<Command> {
        let mut command = match self.program {
            Program::Wc => {
                let mut command = Command::new("wc");
                command.arg("-w").arg(corpus).env("LC_ALL", "C.UTF-8");
                return Ok(command);
            }
            Program::Defaults | Program::Jaccard => {
                let mut command = Command::new(&places.dedupe);
                command.arg(corpus).args(["--format", "jsonl"]);
                command.args(["--threads", &self.threads.to_string()]);
                if let Some(threshold) = self.threshold {
                    command.args(["--measure", "jaccard", "--threshold", &threshold.to_string()]);
                }
                if let Some(pairs) = pairs {
                    command.arg("--pairs").arg(pairs);
                }
                return Ok(command);
            }
            program if program.is_python() => {
                let mut command = Command::new(&places.python);
                command.arg(&places.peers);
                command
            }
            _ => Command::new(env::current_exe()?),
        };
        let threshold = self.threshold.unwrap_or_default();
        let (bands, rows) = banding(threshold);
        command.arg(self.program.name());
        command.args([threshold.to_string(), bands.to_string(), rows.to_string()]);
        command.arg(corpus).arg(clusters).args(pairs);
        command.env("RAYON_NUM_THREADS", self.threads.to_string());
        Ok(command)
    }
}
