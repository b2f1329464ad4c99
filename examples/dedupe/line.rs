//! One line of JSON lines: the wanted fields, and nothing copied that need not be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::args::Args;

/// The names of the fields: id, text, title, date, source.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>([&'a str; 5]);

impl<'a> Fields<'a> {
    pub fn new(args: &'a Args) -> Self {
        Self([
            &args.id_field,
            &args.text_field,
            &args.title_field,
            &args.date_field,
            &args.source_field,
        ])
    }
}

/// An article, as it stands on a line.
#[derive(Debug)]
pub struct Line<'l> {
    pub id: Option<Box<str>>,
    /// The text, under its headline.
    pub text: Cow<'l, str>,
    pub date: Option<Box<str>>,
    pub source: Option<Box<str>>,
}

/// Reads a line, or says why it is no article. `None` for an empty line.
pub fn parse<'l>(line: &'l [u8], fields: &Fields) -> Result<Option<Line<'l>>, String> {
    let line = std::str::from_utf8(line).map_err(|error| not_utf8(&error))?;
    let line = line.trim_ascii();
    if line.is_empty() {
        return Ok(None);
    }
    let mut json = serde_json::Deserializer::from_str(line);
    let values = fields.deserialize(&mut json).and_then(|values| json.end().map(|()| values));
    let [id, text, title, date, source] = values.map_err(|error| in_words(&error))?;
    let text = match text {
        Some(Value::Text(text)) => text,
        Some(Value::Number(_)) => return Err(format!("field `{}` is a number", fields.0[1])),
        Some(Value::Other(what)) => return Err(format!("field `{}` is {what}", fields.0[1])),
        None => return Err(format!("no field `{}`{}", fields.0[1], fields_of(line))),
    };
    let text = match title.and_then(Value::into_text) {
        Some(title) if !text.trim_start().starts_with(title.trim()) => {
            format!("{}\n\n{text}", title.trim()).into()
        }
        _ => text,
    };
    let short = |value: Option<Value>| value?.into_text().map(Box::from);
    Ok(Some(Line { id: short(id), text, date: short(date), source: short(source) }))
}

pub fn not_utf8(error: &std::str::Utf8Error) -> String {
    format!("not UTF-8 (byte {})", error.valid_up_to() + 1)
}

/// The message of the JSON parser, without its line number, which is always 1.
fn in_words(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "not a JSON object".to_owned();
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
    format!("not JSON: {message} (column {})", error.column())
}

/// The names of a line's fields, for somebody who has to find the right one.
fn fields_of(line: &str) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(line).unwrap_or_default();
    let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
    if names.is_empty() {
        return String::new();
    }
    if names.len() > 10 {
        names.truncate(10);
        names.push("…");
    }
    format!(" (there are: {})", names.join(", "))
}

/// A value, as far as it is of interest.
#[derive(Clone, Debug)]
pub enum Value<'l> {
    Text(Cow<'l, str>),
    Number(String),
    /// Anything else, in words.
    Other(&'static str),
}

impl<'l> Value<'l> {
    /// A text or a number, as text; nothing if it is empty.
    fn into_text(self) -> Option<Cow<'l, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number.into()),
            Self::Other(_) => None,
        }
        .filter(|text| !text.is_empty())
    }
}

impl<'l> DeserializeSeed<'l> for &Fields<'_> {
    type Value = [Option<Value<'l>>; 5];

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for &Fields<'_> {
    type Value = [Option<Value<'l>>; 5];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    /// The last one of repeated fields counts, and one field may serve several purposes.
    fn visit_map<M: MapAccess<'l>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut values = [const { None }; 5];
        while let Some(wanted) = map.next_key_seed(Key(self))? {
            if wanted == [false; 5] {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value_seed(AnyValue)?;
            for (slot, _) in values.iter_mut().zip(wanted).filter(|(_, wanted)| *wanted) {
                *slot = Some(value.clone());
            }
        }
        Ok(values)
    }
}

/// Which of the fields a key names.
struct Key<'f>(&'f Fields<'f>);

impl<'l> DeserializeSeed<'l> for Key<'_> {
    type Value = [bool; 5];

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = [bool; 5];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.0.map(|name| name == key))
    }
}

struct AnyValue;

impl<'l> DeserializeSeed<'l> for AnyValue {
    type Value = Value<'l>;

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for AnyValue {
    type Value = Value<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'l str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Other("true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Other("null"))
    }

    fn visit_seq<S: SeqAccess<'l>>(self, mut items: S) -> Result<Self::Value, S::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an array"))
    }

    fn visit_map<M: MapAccess<'l>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an object"))
    }
}
