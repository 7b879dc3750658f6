//! Python's ints: decimal digits of any number, from the texts that Python takes.

use super::big::Big;
use super::search::replace;
use super::text::{strip_of, strip_start_of};
use super::unicode::to_ascii_number;

/// The most digits that Python turns into an int or an int into (`sys.int_info`).
pub const MAX_DIGITS: usize = 4300;

/// Python's `int()` of a text, base 10; `None` where it raises.
///
/// # Examples
///
/// ```
/// use fencerun::python::integer::parse_int;
/// assert_eq!(parse_int(" -1_000\n").as_deref(), Some("-1000"));
/// assert_eq!(parse_int("٣").as_deref(), Some("3"));
/// assert_eq!(parse_int("1.0"), None);
/// ```
#[must_use]
pub fn parse_int(text: &str) -> Option<String> {
    let ascii = to_ascii_number(text)?;
    let (sign, unsigned) = split_sign(strip_of(&ascii, C_SPACE));
    let digits = read_digits(unsigned).filter(|digits| (1..=MAX_DIGITS).contains(&digits.len()))?;
    Some(normalize(sign, &digits))
}

/// A number's minus sign, or nothing, and what follows the sign.
pub(super) fn split_sign(text: &str) -> (&str, &str) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    (if text.starts_with('-') { "-" } else { "" }, unsigned)
}

/// Whether a text is digits of a base with single underscores between them, or empty.
pub(super) fn is_lined_up(text: &str, base: u32) -> bool {
    let mut previous = b'_';
    for byte in text.bytes() {
        match byte {
            b'_' if previous != b'_' => {}
            _ if char::from(byte).is_digit(base) => {}
            _ => return false,
        }
        previous = byte;
    }
    previous != b'_' || text.is_empty()
}

/// ASCII digits without the underscores between them; `None` when anything else stands there.
pub(super) fn read_digits(text: &str) -> Option<String> {
    is_lined_up(text, 10).then(|| replace(text, "_", ""))
}

/// A decimal number that fits; one function for all, as the standard library's is another for each type.
pub(crate) fn parse_small(text: &str) -> Option<i64> {
    let (sign, digits) = split_sign(text);
    let whole = read_whole(digits, 10).filter(|_| !digits.is_empty())?;
    match sign {
        "-" => 0_i64.checked_sub_unsigned(whole),
        _ => i64::try_from(whole).ok(),
    }
}

/// The number that digits of a base up to 16 give; `None` where others stand there, or too many.
pub(super) fn read_whole(digits: &str, base: u32) -> Option<u64> {
    let mut digits = digits.chars();
    digits.try_fold(0_u64, |number, digit| {
        let number = number.checked_mul(u64::from(base))?;
        number.checked_add(u64::from(digit.to_digit(base)?))
    })
}

/// A whole number without the zeros in front, and zero without its sign.
pub(super) fn normalize(sign: &str, digits: &str) -> String {
    match strip_start_of(digits, "0") {
        "" => "0".to_owned(),
        digits => [sign, digits].concat(),
    }
}

/// The decimal digits of digits in base 2, 8 or 16; `None` when Python would not write them.
pub(super) fn to_decimal(digits: &str, bits: u32) -> Option<String> {
    let significant = strip_start_of(digits, "0");
    // Fewer bits than 4300 decimal digits need at most, with some to spare, keep this short.
    if significant.len() * usize::try_from(bits).ok()? > 14_320 {
        return None;
    }
    let text = Big::from_digits(significant, 1 << bits).to_decimal();
    (text.len() <= MAX_DIGITS).then(|| normalize("", &text))
}

/// What C's `isspace` holds for, which is what `int()` and `float()` strip.
pub(super) const C_SPACE: &str = " \t\n\u{b}\u{c}\r";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bases_become_decimal() {
        assert_eq!(to_decimal("ff", 4).as_deref(), Some("255"));
        assert_eq!(
            to_decimal("ffffffffffffffffff", 4).as_deref(),
            Some("4722366482869645213695")
        );
        assert_eq!(to_decimal("0", 1).as_deref(), Some("0"));
        assert_eq!(to_decimal(&"f".repeat(5000), 4), None);
    }

    #[test]
    fn int_has_its_bound() {
        assert!(parse_int(&"1".repeat(MAX_DIGITS)).is_some());
        assert_eq!(parse_int(&"1".repeat(MAX_DIGITS + 1)), None);
    }
}
