use reprint::diff::DiffReport;
fn main() {
    let f: Vec<String> = std::env::args().skip(1).collect();
    let (a, b) = (std::fs::read_to_string(&f[0]).unwrap(), std::fs::read_to_string(&f[1]).unwrap());
    let r = DiffReport::between(&a, &b);
    for e in r.edits() {
        let cut = |s: &str| { let c: String = s.chars().take(70).collect(); c.replace('\n', "/") };
        println!("{:<10} [{}] <{}>", e.kind.name(), cut(&a[e.a.bytes.clone()]), cut(&b[e.b.bytes.clone()]));
    }
}
