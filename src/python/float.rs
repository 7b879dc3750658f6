//! Python's floats: from text, to text.

use super::decimal::{nearest, plain, shortest, whole};
use super::integer::{C_SPACE, is_lined_up, normalize, split_sign};
use super::search::{contains, replace, split_once};
use super::text::{strip_of, text_from, text_to};
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
    write(value, "nan", "inf")
}

/// The same with other words for what is no number and what is infinite.
pub(super) fn write(value: f64, nan: &str, infinite: &str) -> String {
    if let Some(word) = unwritten(value, nan, infinite) {
        return word;
    }
    let (sign, size) = (sign_of(value), value.abs());
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        let digits = plain(size);
        let end = if contains(&digits, ".") { "" } else { ".0" };
        return [sign, &digits, end].concat();
    }
    let digits = shortest(size);
    let (mantissa, power) = split_once(&digits, "e").unwrap_or_default();
    let mark = if size < 1.0 { "e-" } else { "e+" };
    let power = split_sign(power).1;
    let padding = if power.len() < 2 { "0" } else { "" };
    [sign, mantissa, mark, padding, power].concat()
}

/// The words for what is no finite number.
pub(super) fn unwritten(value: f64, nan: &str, infinite: &str) -> Option<String> {
    if value.is_nan() {
        return Some(nan.to_owned());
    }
    value
        .is_infinite()
        .then(|| [sign_of(value), infinite].concat())
}

pub(super) const fn sign_of(value: f64) -> &'static str {
    if value.is_sign_negative() { "-" } else { "" }
}

/// The decimal digits of a float that is a whole number, `None` for every other.
#[must_use]
pub fn whole_digits(value: f64) -> Option<String> {
    // What is infinite has no fraction that is a number.
    (value.fract() == 0.0).then(|| normalize(sign_of(value), &whole(value.abs())))
}

/// Python's `float()` of a text; `None` where it raises.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let ascii = to_ascii_number(text)?;
    let (sign, unsigned) = split_sign(strip_of(&ascii, C_SPACE));
    let magnitude = match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        number => parse_number(number)?,
    };
    Some(if sign == "-" { -magnitude } else { magnitude })
}

/// A number in the grammar that Python's source and `float()` share: digits with single
/// underscores between them, with a point, an exponent, both or neither.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let end = text.bytes().position(|byte| matches!(byte, b'e' | b'E'));
    let mantissa = text_to(text, end.unwrap_or(text.len()));
    let exponent = end.map_or("0", |end| split_sign(text_from(text, end + 1)).1);
    let (whole, fraction) = split_once(mantissa, ".").unwrap_or((mantissa, ""));
    let lacks_digits = exponent.is_empty() || whole.is_empty() && fraction.is_empty();
    let mut parts = [whole, fraction, exponent].into_iter();
    let is_number = !lacks_digits && parts.all(|digits| is_lined_up(digits, 10));
    is_number.then(|| nearest(&replace(text, "_", "")))
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
