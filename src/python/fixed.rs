//! Python's `f"{value:.4f}"`: a number with a fixed number of decimals.

use super::decimal::{expand, round_to};
use super::float::{place_point, sign_of, unwritten, zeros};

/// The text of a number with `decimals` decimals, rounded as Python rounds: by the number's exact
/// value, ties to even.
#[must_use]
pub fn fixed(value: f64, decimals: u32) -> String {
    if let Some(word) = unwritten(value) {
        return word;
    }
    let (exact, places) = expand(value.abs());
    let count = |length: usize| i64::try_from(length).unwrap_or_default();
    let decimals = i64::from(decimals);
    let missing = decimals - count(places);
    let digits = if missing >= 0 {
        exact + &zeros(missing)
    } else {
        let exact = zeros(-missing - count(exact.len())) + &exact;
        let kept = count(exact.len()) + missing;
        round_to(&exact, usize::try_from(kept).unwrap_or_default())
    };
    place_point(sign_of(value), &digits, decimals)
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
