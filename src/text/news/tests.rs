//! Cases written by hand, laws, and the sample articles.

mod cases;
mod laws;
