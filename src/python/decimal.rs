//! Exact conversion between binary floating-point numbers and decimal digits. The standard library
//! has it too, but twenty kilobytes of it: with its tables it is made for speed.

use super::big::Big;
use super::integer::read_whole;
use super::text::{strip_end_of, strip_start_of, text_from, text_to};

/// How many digits decide how a number is rounded; more only break a tie.
const MAX_DIGITS: usize = 800;

const FRACTION_BITS: usize = 52;

/// All digits of a finite number that is not below 0, and how many of them stand behind the point.
/// None is a 0 at the front, and none at the end behind the point.
pub(super) fn expand(value: f64) -> (String, usize) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    // The number is `mantissa * 2^(raw - 1075)`.
    let (mantissa, raw) = match bits >> FRACTION_BITS {
        0 => (fraction, 1),
        raw => (fraction | 1 << FRACTION_BITS, raw),
    };
    if mantissa == 0 {
        return (String::new(), 0);
    }
    let raw = usize::try_from(raw).unwrap_or_default();
    let even = usize::try_from(mantissa.trailing_zeros()).unwrap_or_default();
    // The number is odd now, times a power of two or by one; half of a number is a tenth of its fivefold.
    let mut big = Big::new(mantissa >> even);
    let decimals = 1075_usize.saturating_sub(raw + even);
    big.scale(2, (raw + even).saturating_sub(1075));
    big.scale(5, decimals);
    (big.to_decimal(), decimals)
}

/// The first `count` digits, and those that are one more: the one that is nearer first, or, where
/// the rest is just half, the even one.
pub(super) fn round_to(digits: &str, count: usize) -> [String; 2] {
    let (front, rest) = (text_to(digits, count), text_from(digits, count));
    let mut more = Big::from_digits(front, 10);
    more.multiply_add(1, 1);
    let more = more.to_decimal();
    let is_odd = front.bytes().last().is_some_and(|digit| digit % 2 == 1);
    if rest > "5" || rest == "5" && is_odd {
        [more, front.to_owned()]
    } else {
        [front.to_owned(), more]
    }
}

/// The fewest digits that read back as the same number, and of those the nearest to it; and the
/// exponent of the first: `15` and -3 for 0.0015. The number is finite and not below 0.
pub(super) fn to_digits(value: f64) -> (String, i64) {
    let (exact, decimals) = expand(value);
    let length = |digits: &str| i64::try_from(digits.len()).unwrap_or_default();
    let magnitude = length(&exact) - i64::try_from(decimals).unwrap_or_default();
    let mut shortest = strip_end_of(&exact, "0").to_owned();
    let mut exponent = magnitude - 1;
    // 17 digits are always enough, and where some are enough, so are more.
    let mut counts = 1..shortest.len().min(18);
    while !counts.is_empty() {
        let count = counts.start.midpoint(counts.end);
        let power = magnitude - i64::try_from(count).unwrap_or_default();
        let reads_back = |digits: &String| from_digits(digits, power).to_bits() == value.to_bits();
        match round_to(strip_end_of(&exact, "0"), count)
            .into_iter()
            .find(reads_back)
        {
            Some(digits) => {
                exponent = power + length(&digits) - 1;
                strip_end_of(&digits, "0").clone_into(&mut shortest);
                counts.end = count;
            }
            None => counts.start = count + 1,
        }
    }
    (shortest, exponent)
}

/// The number nearest to `digits` times a power of ten; between two, the even one; infinite where
/// it is too large. The digits are decimal ones.
pub(super) fn from_digits(digits: &str, power: i64) -> f64 {
    let digits = strip_start_of(digits, "0");
    let magnitude = i64::try_from(digits.len())
        .unwrap_or(i64::MAX)
        .saturating_add(power);
    if digits.is_empty() || magnitude < -330 {
        return 0.0;
    }
    if magnitude > 310 {
        return f64::INFINITY;
    }
    if let Some(number) = from_few_digits(digits, power) {
        return number;
    }
    let kept = digits.get(..MAX_DIGITS).unwrap_or(digits);
    let rest = digits.get(kept.len()..).unwrap_or_default();
    let mut above = Big::from_digits(kept, 10);
    let mut below = Big::new(1);
    let dropped = i64::try_from(rest.len()).unwrap_or_default();
    let power = power + dropped;
    // What was dropped counts only in so far as it is not 0.
    let is_sticky = rest.bytes().any(|digit| digit != b'0');
    above.multiply_add(10, u32::from(is_sticky));
    let power = power - 1;
    let tens = usize::try_from(power.unsigned_abs()).unwrap_or_default();
    if power >= 0 { &mut above } else { &mut below }.scale(10, tens);
    round(above, below)
}

/// The same without large numbers where both the digits and the power of ten are exact in binary, so that only their quotient or
/// product is rounded: Clinger, "How to read floating point numbers accurately" (1990).
fn from_few_digits(digits: &str, power: i64) -> Option<f64> {
    let tens = u8::try_from(power.unsigned_abs())
        .ok()
        .filter(|&tens| tens <= 22)?;
    let whole = read_whole(digits, 10).filter(|&whole| whole < 1 << 53)?;
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let whole = whole as f64;
    let scale = (0..tens).fold(1.0, |scale, _| scale * 10.0);
    Some(if power < 0 {
        whole / scale
    } else {
        whole * scale
    })
}

/// The number nearest to a quotient that is not 0.
fn round(mut above: Big, mut below: Big) -> f64 {
    let bits = |big: &Big| i32::try_from(big.bits()).unwrap_or(i32::MAX);
    let mut exponent = bits(&above) - bits(&below);
    let shift = usize::try_from(exponent.unsigned_abs()).unwrap_or_default();
    if exponent >= 0 {
        &mut below
    } else {
        &mut above
    }
    .scale(2, shift);
    if above < below {
        exponent -= 1;
        above.multiply_add(2, 0);
    }
    // The quotient lies between 1 and 2 now, to be multiplied by two to the exponent.
    let wanted = if exponent < -1022 {
        53 + 1022 + exponent
    } else {
        53
    };
    if wanted < 0 {
        return 0.0;
    }
    let mut mantissa = 0_u64;
    for _ in 0..wanted {
        mantissa <<= 1;
        if above >= below {
            above.subtract(&below);
            mantissa |= 1;
        }
        above.multiply_add(2, 0);
    }
    if above > below || above == below && mantissa % 2 == 1 {
        mantissa += 1;
    }
    // A mantissa that rounding made longer spills into the exponent, as it should.
    let raw_exponent = u64::try_from(exponent.max(-1023) + 1022).unwrap_or_default();
    let is_normal = exponent >= -1022;
    let bits = if is_normal {
        (raw_exponent << FRACTION_BITS) + mantissa
    } else {
        mantissa
    };
    // The bits of the infinity are the next after those of the largest number.
    f64::from_bits(bits.min(f64::INFINITY.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes, and those where the distance to the neighbours changes.
    fn numbers() -> impl Iterator<Item = f64> {
        let powers = (0..2046_u64).step_by(29).flat_map(|exponent| {
            let bits = exponent << FRACTION_BITS;
            [bits.max(1), bits + 1, bits | ((1 << FRACTION_BITS) - 1)]
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
    fn digits_are_those_of_the_standard_library() {
        for value in numbers() {
            let expected = format!("{value:e}");
            let (mantissa, exponent) = expected.split_once('e').unwrap();
            let expected = mantissa.replace('.', "");
            let (digits, power) = to_digits(value);
            assert_eq!(power.to_string(), exponent);
            if digits != expected {
                // Between two that are equally near, Python takes the even one, Rust the larger.
                let number = |digits: &str| digits.parse::<u64>().unwrap();
                assert_eq!(number(&digits) + 1, number(&expected), "{value:e}");
                assert_eq!(number(&digits) % 2, 0, "{value:e}");
            }
        }
    }

    #[test]
    fn of_two_that_are_equally_near_the_even_one_is_written() {
        assert_eq!(
            to_digits(2_f64.powi(-25)),
            ("29802322387695312".to_owned(), -8)
        );
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        for value in numbers() {
            let (digits, power) = to_digits(value);
            let scale = power + 1 - i64::try_from(digits.len()).unwrap();
            assert_eq!(
                from_digits(&digits, scale).to_bits(),
                value.to_bits(),
                "{value:e}"
            );
            // Exactly half the way to the next number, and a little more and less.
            let next = f64::from_bits(value.to_bits() + 1);
            if next.is_finite() && value > 1e-290 && value < 1e290 {
                let half = format!("{:.1100}", value / 2.0 + next / 2.0);
                for text in [
                    half.clone(),
                    half + "1",
                    format!("{value:.17e}"),
                    format!("{value:.30}"),
                ] {
                    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                    let (whole, fraction) = mantissa.split_once('.').unwrap();
                    let scale =
                        exponent.parse::<i64>().unwrap() - i64::try_from(fraction.len()).unwrap();
                    let read = from_digits(&format!("{whole}{fraction}"), scale);
                    assert_eq!(
                        read.to_bits(),
                        text.parse::<f64>().unwrap().to_bits(),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_too_large_or_small_goes_over_the_edge() {
        for (digits, power, expected) in [
            ("1", 400, f64::INFINITY),
            ("1", 309, f64::INFINITY),
            ("17976931348623157", 292, f64::MAX),
            ("17976931348623158", 292, f64::MAX),
            ("17976931348623159", 292, f64::INFINITY),
            ("5", -324, 5e-324),
            ("24703282292062327208", -343, 0.0),
            ("24703282292062328", -340, 5e-324),
            ("1", -400, 0.0),
            ("0", 500, 0.0),
            ("22250738585072011", -324, 2.225_073_858_507_201e-308),
            ("22250738585072012", -324, f64::MIN_POSITIVE),
        ] {
            assert_eq!(
                from_digits(digits, power).to_bits(),
                expected.to_bits(),
                "{digits}e{power}"
            );
        }
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for value in numbers() {
            let (digits, decimals) = expand(value);
            let expected = format!("{value:.decimals$}").replace('.', "");
            assert_eq!(digits, expected.trim_start_matches('0'), "{value:e}");
            assert!(decimals == 0 || !digits.ends_with('0'), "{value:e}");
        }
    }
}
