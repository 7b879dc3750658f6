//! Errors across the boundary: objects that the TypeScript side turns into `RunError`s.

use crate::error::RunError;
use crate::python::float::{repr, whole_digits};
use crate::wire::json::Json;

pub(super) fn invalid(detail: String) -> RunError {
    RunError::InvalidOptions { detail }
}

/// An error as an object: `code`, `message`, and `status` where there is one.
pub(super) fn write_error(name: &str, error: &RunError, out: &mut Json) {
    out.open(name, "{");
    out.text("code", error.code().name());
    out.text("message", &error.to_string());
    if let RunError::Http { status, .. } = error {
        out.number("status", usize::from(*status));
    }
    out.close("}");
}

/// A JavaScript number as a whole number above 0, rounded.
pub(super) fn read_whole(field: &str, value: f64) -> Result<u32, RunError> {
    let rounded = value.round();
    if !(1.0..=f64::from(u32::MAX)).contains(&rounded) {
        let expected = "expected a number from 1 to 4294967295";
        // Not by the standard library, which brings much code for floating-point numbers.
        let found = whole_digits(value).unwrap_or_else(|| repr(value));
        return Err(invalid(format!("{field}: {expected}, found {found}")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    Ok(rounded as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_range_is_refused_with_its_name() {
        for (value, found) in [
            (0.0, "0"),
            (-1.0, "-1"),
            (0.25, "0.25"),
            (f64::NAN, "nan"),
            (f64::INFINITY, "inf"),
            (4_294_967_296.0, "4294967296"),
        ] {
            let message = read_whole("runTimeoutMs", value).unwrap_err().to_string();
            assert_eq!(
                message,
                format!("runTimeoutMs: expected a number from 1 to 4294967295, found {found}")
            );
        }
        assert_eq!(read_whole("runTimeoutMs", 0.6), Ok(1));
    }
}
