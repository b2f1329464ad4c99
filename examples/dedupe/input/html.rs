//! Web pages: the main text, without what stands around it.

use std::str;

use dom_smoothie::{Config, Readability, ReadabilityError, TextMode};

use super::record::{Record, not_utf8};

/// The most elements of a page. Time can grow with the square of them, in pages that nobody wrote.
const ELEMENTS: usize = 50_000;

/// Reads a page, whose text is added to `texts`, under its headline; or says why it is no article.
pub fn parse(bytes: &[u8], record: &mut Record, texts: &mut String) -> Result<(), String> {
    let html = str::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
    let config = Config {
        text_mode: TextMode::Formatted,
        max_elements_to_parse: ELEMENTS,
        ..Config::default()
    };
    let found = Readability::new(html, None, Some(config)).and_then(|mut page| page.parse());
    let article = found.map_err(|error| match error {
        ReadabilityError::TooManyElements(..) => format!("more than {ELEMENTS} elements"),
        _ => "no article found on this page".to_owned(),
    })?;
    let text = article.text_content.trim();
    if text.is_empty() {
        return Err("no article found on this page".to_owned());
    }
    let date = article.published_time.unwrap_or_default();
    record.set("", &article.title, &date, &article.site_name.unwrap_or_default());
    record.add_text(text, texts);
    Ok(())
}
