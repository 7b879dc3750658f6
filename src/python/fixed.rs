//! Python's `f"{value:.4f}"`: a number with a fixed number of decimals.

use super::float::whole_digits;

/// The text of a number with `decimals` decimals, at most nine, rounded as Python rounds: by the
/// number's exact value, ties to even.
///
/// Beyond 10¹⁵ the decimals are zeros: there are no numbers between whole ones that tell.
#[must_use]
pub fn fixed(value: f64, decimals: u32) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return [sign, "inf"].concat();
    }
    let scale = 10_u64.pow(decimals.min(9));
    let Some(scaled) = round_scaled(value.abs(), scale) else {
        let whole = whole_digits(value.abs().trunc()).unwrap_or_default();
        return format!("{sign}{whole}.{}", "0".repeat(decimals as usize));
    };
    let (whole, rest) = (scaled / scale, scaled % scale);
    let rest = (scale + rest).to_string();
    let rest = rest.get(1..).unwrap_or_default();
    format!("{sign}{whole}.{rest}")
}

/// `value * scale` as a whole number; `None` where that has more than 64 bits.
fn round_scaled(value: f64, scale: u64) -> Option<u64> {
    let bits = value.to_bits();
    let raw = u32::try_from(bits >> 52).ok()?;
    let fraction = bits & ((1 << 52) - 1);
    // The value is `mantissa / 2^shift`.
    let (mantissa, exponent) = if raw == 0 {
        (fraction, 1)
    } else {
        (fraction | 1 << 52, raw)
    };
    let shift = 1_075_u32.checked_sub(exponent)?;
    let product = u128::from(mantissa) * u128::from(scale);
    if shift == 0 {
        return u64::try_from(product).ok();
    }
    if shift > 127 {
        return Some(0);
    }
    let quotient = product >> shift;
    let remainder = product - (quotient << shift);
    let half = 1_u128 << (shift - 1);
    let up = remainder > half || remainder == half && quotient & 1 == 1;
    u64::try_from(quotient + u128::from(up)).ok()
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
