//! Finds the articles that are the same piece of writing, and prints what differs.
//!
//! ```text
//! cargo run --example quickstart
//! ```

use reprint::{Deduper, Error};

const ARTICLES: [&str; 4] = [
    "Old bridge to close\n\nThe old bridge over the Lenne will close for repairs on Monday, the \
     council said. Drivers are sent over the motorway for at least six weeks.",
    "A choir from the valley has won the national prize for its new song cycle.",
    "Detours from Monday\n\nThe old bridge over the Lenne will close for urgent repairs on Monday, \
     the council says. Drivers are sent over the motorway for at least six weeks.",
    "The town library is giving away three thousand books that nobody has borrowed since 1990.",
];

fn main() -> Result<(), Error> {
    let mut dedup = Deduper::builder().threshold(0.6).build()?;
    for text in ARTICLES {
        dedup.insert(text);
    }
    for cluster in &dedup.clusters() {
        println!("Article #{} stands for:", cluster.representative());
        for member in cluster.members() {
            let coverage = member.evidence().coverage_a();
            println!("  #{}, {}, coverage {coverage:.2}", member.article(), member.relation());
        }
        println!("\n{}", cluster.report());
    }
    Ok(())
}
