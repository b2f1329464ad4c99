//! placeholder until the diff stage lands
/// placeholder
#[derive(Debug)]
pub struct ClusterReport;
impl ClusterReport {
    /// placeholder
    pub fn new<'t>(
        _text: impl Fn(usize) -> &'t str,
        _representative: usize,
        _members: &[usize],
    ) -> Self {
        Self
    }
}
impl std::fmt::Display for ClusterReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "(report)")
    }
}
