//! The values that JSON and literals give.

use super::decimal::nearest;
use super::integer::parse_small;
use super::order;
use super::string::PythonString;
use super::write::{Style, write};

/// A value as Python holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// A whole number of any size: its decimal digits, after `-` where it is below 0.
    Int(String),
    /// A floating-point number, infinite or not a number where JSON's extensions say so.
    Float(f64),
    /// A text.
    Str(PythonString),
    /// A list.
    List(Vec<Value>),
    /// A tuple; only literals give one.
    Tuple(Vec<Value>),
    /// A dict, in the order in which its keys first came.
    Dict(Vec<(Value, Value)>),
    /// A complex number; only literals give one.
    Complex(f64, f64),
    /// Bytes, as the characters U+0000 to U+00FF; only literals give them.
    Bytes(PythonString),
    /// A set, in the order in which its items first came; only literals give one.
    Set(Vec<Value>),
    /// `ellipsis`, or an `int` with more digits than Python writes; only literals give them.
    Other(&'static str),
}

impl Value {
    /// The name of its type.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Complex(..) => "complex",
            Self::Bytes(_) => "bytes",
            Self::Set(_) => "set",
            Self::Other(name) => name,
        }
    }

    /// The value under a key of a dict.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Dict(entries) = self else {
            return None;
        };
        let found = entries
            .iter()
            .find(|(name, _)| matches!(name, Self::Str(text) if *text == key));
        found.map(|(_, value)| value)
    }

    /// The value under a key of a dict, unless that is `None`: what is missing and what is null.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Self> {
        self.get(key).filter(|member| !member.is_none())
    }

    /// The value under a key of a dict, which is `None` from then on; `None` where there is none.
    #[must_use]
    pub(crate) fn take(&mut self, key: &str) -> Self {
        if let Self::Dict(entries) = self {
            for (name, value) in entries {
                if matches!(name, Self::Str(text) if *text == key) {
                    return std::mem::replace(value, Self::None);
                }
            }
        }
        Self::None
    }

    pub(crate) const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(crate) const fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// The number that an int is, when it fits.
    pub(crate) fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Int(digits) => parse_small(digits),
            _ => None,
        }
    }

    /// The text, with U+FFFD for every surrogate.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Str(text) => Some(text.to_string_lossy()),
            _ => None,
        }
    }

    /// The text, when it is one without surrogates.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => text.as_str(),
            _ => None,
        }
    }

    /// The number nearest to an int or a float.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Int(digits) => Some(nearest(digits)),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    #[inline(never)]
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

/// A dict in the making: the last value of a key wins, the first place stays.
#[derive(Debug, Default)]
pub(crate) struct DictBuilder {
    entries: Vec<(Value, Value)>,
    places: Vec<order::Place>,
}

impl DictBuilder {
    /// Sets a key. `None` when Python refuses the key.
    pub(crate) fn insert(&mut self, key: Value, value: Value) -> Option<()> {
        // Equal keys have the same text, and what Python refuses to hash has none.
        let mut text = PythonString::new();
        write(&key, Style::Key, &mut text).ok()?;
        self.places.push((text.into_bytes(), self.entries.len()));
        self.entries.push((key, value));
        Some(())
    }

    /// Sets a key that is a text.
    pub(crate) fn insert_text(&mut self, key: PythonString, value: Value) {
        // A text can always be hashed.
        let _ = self.insert(Value::Str(key), value);
    }

    pub(crate) fn build(self) -> Value {
        Value::Dict(self.into_entries())
    }

    fn into_entries(self) -> Vec<(Value, Value)> {
        let mut entries = self.entries;
        let mut sorted = order::sort(self.places);
        while let Some((key, place)) = sorted.pop() {
            let before = sorted.last().filter(|(other, _)| *other == key);
            if let Some(&(_, before)) = before
                && let Some(entry) = entries.get_mut(place)
            {
                // A list is no key: it marks what is to go.
                let (_, value) = std::mem::replace(entry, (Value::List(Vec::new()), Value::None));
                if let Some(entry) = entries.get_mut(before) {
                    entry.1 = value;
                }
            }
        }
        entries.retain(|(key, _)| !matches!(key, Value::List(_)));
        entries
    }

    /// The set of the keys.
    pub(crate) fn build_set(self) -> Value {
        let mut items = Vec::new();
        for (item, _) in self.into_entries() {
            items.push(item);
        }
        Value::Set(place_numbers(&items).unwrap_or(items))
    }
}

/// Up to four whole numbers in the order in which CPython 3.11 keeps them in a set, in a table of
/// eight places (`set_add_entry` of `Objects/setobject.c`). What has no order of its own, such as
/// texts, whose hashes differ from run to run, is `None`.
fn place_numbers(items: &[Value]) -> Option<Vec<Value>> {
    let mut table: [Option<&Value>; 8] = [None; 8];
    for item in items.iter().take(5) {
        let hash = match item {
            Value::Bool(value) => i64::from(*value),
            other => other.as_whole()? % ((1 << 61) - 1),
        };
        let mut rest = u64::from_le_bytes(if hash == -1 { -2 } else { hash }.to_le_bytes());
        let mut place = rest % 8;
        while table.get(usize::try_from(place).ok()?)?.is_some() {
            rest >>= 5;
            place = (place * 5 + 1 + rest) % 8;
        }
        *table.get_mut(usize::try_from(place).ok()?)? = Some(item);
    }
    let mut placed = Vec::new();
    for item in table.into_iter().flatten() {
        placed.push(item.clone());
    }
    (items.len() < 5).then_some(placed)
}
