//! Whole processes, timed.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// What one run of a process took.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Run {
    pub seconds: f64,
    /// Seconds of all cores, in the process and in the system on its behalf.
    pub cpu_seconds: f64,
    /// The most memory that was resident, in bytes.
    pub peak: u64,
}

/// Runs a process to its end, its standard output going to a file.
///
/// A process begins with the memory of the one that started it on its account, so that this one,
/// which holds all that is known of the corpus, has a small one do it: see [`measure`].
pub fn run(command: &Command, output: &Path) -> Result<Run> {
    let report = output.with_extension("report");
    let mut measured = Command::new(env::current_exe()?);
    measured.arg("measure").arg(&report).arg(command.get_program()).args(command.get_args());
    measured.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    measured.stdin(Stdio::null()).stdout(File::create(output)?);
    let status = measured.status()?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(serde_json::from_str(&fs::read_to_string(report)?)?)
}

/// Runs a process, given as a program and its arguments, and writes to a file what it took.
pub fn measure(arguments: &[String]) -> Result<()> {
    let [report, program, arguments @ ..] = arguments else { bail!("nothing to measure") };
    let start = Instant::now();
    let mut child = Command::new(program).args(arguments).spawn().context(program.clone())?;
    let used = child.wait4()?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(used.status.success(), "{program}: {}", used.status);
    let cpu_seconds = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    let run = Run { seconds, cpu_seconds, peak: used.rusage.maxrss };
    fs::write(report, serde_json::to_string(&run)?)?;
    Ok(())
}

/// The middle of some numbers, or the lower of the two in the middle.
pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}
