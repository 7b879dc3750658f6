//! Floating-point numbers and their decimal digits.
//!
//! The digits are those of the JavaScript engine, where there is one: the standard library has them, too, but twenty kilobytes of
//! it, as with its tables it is made for speed.

use super::big::Big;

#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(super) use crate::wasm::number::{nearest, plain, round, shortest};

/// The number nearest to the decimal number that a text is, digits with or without a sign, a point and an exponent; between
/// two, the even one; infinite where it is too large.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn nearest(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// The fewest digits that read back as the same number, and of those the nearest to it, with an exponent: `1.5e-3`. Between two
/// that are equally near, it is the even one, where the standard library takes the larger. The number is finite.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.bytes().take_while(|&byte| byte != b'e');
    let decimals = digits.filter(u8::is_ascii_digit).count() - 1;
    let even = format!("{value:.decimals$e}");
    if nearest(&even).to_bits() == value.to_bits() {
        even
    } else {
        shortest
    }
}

/// The same digits without an exponent: `0.0015`, `15`.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn plain(value: f64) -> String {
    let text = shortest(value);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, ""));
    let behind_first = i64::try_from(digits.len()).unwrap_or_default() - 2;
    let decimals = behind_first.max(0) - exponent.parse().unwrap_or(0);
    format!("{value:.*}", usize::try_from(decimals).unwrap_or_default())
}

/// So many digits behind the point, rounded by the exact value, ties to even. The number is not whole.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn round(value: f64, decimals: u32) -> String {
    format!("{value:.*}", usize::try_from(decimals).unwrap_or_default())
}

/// All digits of a finite whole number that is not below 0, none for 0.
pub(super) fn whole(value: f64) -> String {
    let (mut number, mut doublings) = (value, 0);
    // From here on whole numbers are even.
    while number >= 9_007_199_254_740_992.0 {
        number /= 2.0;
        doublings += 1;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number that fits"
    )]
    let mut big = Big::new(number as u64);
    for _ in 0..doublings {
        big.multiply_add(2, 0);
    }
    big.to_decimal()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes, and those where the distance to the neighbours changes.
    fn numbers() -> impl Iterator<Item = f64> {
        let powers = (0..2046_u64).step_by(29).flat_map(|exponent| {
            let bits = exponent << 52;
            [bits.max(1), bits + 1, bits | ((1 << 52) - 1)]
        });
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let random = std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 1
        });
        let small = (1..400_u32).map(|number| (f64::from(number) / 100.0).to_bits());
        powers
            .chain(random.take(600))
            .chain(small)
            .map(f64::from_bits)
            .filter(|value| value.is_finite() && *value > 0.0)
    }

    #[test]
    fn of_two_that_are_equally_near_the_even_one_is_written() {
        // Answers of CPython 3.11.
        for (value, digits) in [
            (2_f64.powi(-25), "2.9802322387695312e-8"),
            (-(2_f64.powi(-26)), "-1.4901161193847656e-8"),
            (2_f64.powi(-44), "5.684341886080802e-14"),
            (5e-324, "5e-324"),
            (9_007_199_254_740_993.0, "9.007199254740992e15"),
        ] {
            assert_eq!(shortest(value), digits);
        }
    }

    #[test]
    fn shortest_digits_read_back() {
        for value in numbers() {
            assert_eq!(nearest(&shortest(value)).to_bits(), value.to_bits());
            assert_eq!(shortest(value).len(), format!("{value:e}").len());
        }
    }

    #[test]
    fn plain_digits_read_back_and_are_the_same() {
        for value in numbers().filter(|value| (1e-4..1e16).contains(value)) {
            assert_eq!(nearest(&plain(value)).to_bits(), value.to_bits());
            let digits = |text: &str| text.replace('.', "").trim_matches('0').to_owned();
            let shortest = shortest(value);
            let mantissa = shortest.split('e').next().unwrap_or_default();
            assert_eq!(digits(&plain(value)), digits(mantissa));
        }
    }

    #[test]
    fn whole_numbers_have_all_their_digits() {
        for value in numbers().map(f64::trunc) {
            let digits = whole(value);
            assert_eq!(
                digits,
                format!("{value:.0}").trim_start_matches('0'),
                "{value:e}"
            );
        }
    }
}
