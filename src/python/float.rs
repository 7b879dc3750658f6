//! Python's floats: from text, to text.

use super::decimal::{from_digits, to_digits, whole_to_decimal};
use super::integer::C_SPACE;
use super::search::{replace, split_once};
use super::text::strip_of;
use super::unicode::to_ascii_number;

/// The text that Python writes for a float: the shortest that reads back as the same number.
///
/// # Examples
///
/// ```
/// use fencerun::python::float::repr;
/// assert_eq!(repr(1e-7), "1e-07");
/// assert_eq!(repr(1e16), "1e+16");
/// assert_eq!(repr(100.0), "100.0");
/// assert_eq!(repr(f64::NEG_INFINITY), "-inf");
/// ```
#[must_use]
pub fn repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let (digits, exponent) = match value.abs() {
        0.0 => ("0".to_owned(), 0),
        value => to_digits(value),
    };
    let text = if (-4..0).contains(&exponent) {
        format!("0.{}{digits}", zeros(-exponent - 1))
    } else if (0..16).contains(&exponent) {
        let whole = usize::try_from(exponent).unwrap_or_default() + 1;
        match (digits.get(..whole), digits.get(whole..)) {
            (Some(front), Some("")) => format!("{front}.0"),
            (Some(front), Some(rest)) => format!("{front}.{rest}"),
            _ => format!("{digits}{}.0", "0".repeat(whole - digits.len())),
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
    };
    format!("{sign}{text}")
}

fn zeros(count: i32) -> String {
    "0".repeat(usize::try_from(count).unwrap_or_default())
}

/// The decimal digits of a float that is a whole number, `None` for every other.
#[must_use]
pub fn whole_digits(value: f64) -> Option<String> {
    if !value.is_finite() || value.fract() != 0.0 {
        return None;
    }
    let sign = if value < 0.0 { "-" } else { "" };
    Some(format!("{sign}{}", whole_to_decimal(value.abs())))
}

/// Python's `float()` of a text; `None` where it raises.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let ascii = to_ascii_number(text)?;
    let trimmed = strip_of(&ascii, C_SPACE);
    let (negative, unsigned) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let magnitude = match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => parse_number(unsigned)?,
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// A number in the grammar that Python's source and `float()` share: digits with single
/// underscores between them, with a point, an exponent, both or neither.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = split_once(mantissa, ".").unwrap_or((mantissa, ""));
    let whole = read_digits(whole)?;
    let fraction = read_digits(fraction)?;
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let power = match exponent {
        None => 0,
        Some(text) => {
            let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
            let digits = read_digits(unsigned).filter(|digits| !digits.is_empty())?;
            // Beyond this the number is 0 or infinite anyway, however many digits it has.
            let power = digits.parse::<i64>().unwrap_or(i64::MAX / 4);
            if text.starts_with('-') { -power } else { power }
        }
    };
    let fraction_length = i64::try_from(fraction.len()).unwrap_or(i64::MAX / 4);
    Some(from_digits(
        &(whole + &fraction),
        power.saturating_sub(fraction_length),
    ))
}

/// ASCII digits without the underscores between them; `None` when anything else stands there.
pub(super) fn read_digits(text: &str) -> Option<String> {
    let mut previous = b'_';
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {}
            b'_' if previous != b'_' => {}
            _ => return None,
        }
        previous = byte;
    }
    if previous == b'_' && !text.is_empty() {
        return None;
    }
    Some(replace(text, "_", ""))
}

/// The value of a number in JSON's grammar; too large is infinite, as in Python.
pub(crate) fn parse_json_number(text: &str) -> f64 {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let magnitude = parse_number(unsigned).unwrap_or(f64::NAN);
    if negative { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_float_is_pythons() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (1.5, "1.5"),
            (0.1, "0.1"),
            (123_456.789, "123456.789"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn float_reads_what_python_reads() {
        for (text, value) in [
            (" 1_0.5e1_0\n", Some(10.5e10)),
            ("1.", Some(1.0)),
            (".5", Some(0.5)),
            ("+007", Some(7.0)),
            ("-iNf", Some(f64::NEG_INFINITY)),
            ("1e400", Some(f64::INFINITY)),
            ("-1e400", Some(f64::NEG_INFINITY)),
            ("٣.٥", Some(3.5)),
            ("\u{a0}1\u{3000}", Some(1.0)),
            ("", None),
            (".", None),
            ("1e", None),
            ("1__0", None),
            ("_1", None),
            ("0x10", None),
            ("--1", None),
            ("\u{1c}1", None),
        ] {
            assert_eq!(parse_float(text), value, "{text:?}");
        }
        assert!(parse_float("nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn a_whole_float_has_all_its_digits() {
        assert_eq!(whole_digits(1e20).as_deref(), Some("100000000000000000000"));
        assert_eq!(whole_digits(-0.0).as_deref(), Some("0"));
        assert_eq!(whole_digits(0.5), None);
        assert_eq!(whole_digits(f64::INFINITY), None);
    }
}
