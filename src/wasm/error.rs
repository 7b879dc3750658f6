//! Errors across the boundary: objects that the TypeScript side turns into `RunError`s.

use crate::error::RunError;
use crate::wire::json::Json;

pub(super) fn invalid(detail: String) -> RunError {
    RunError::InvalidOptions { detail }
}

/// An error as an object: `code`, `message`, and `status` where there is one.
pub(super) fn write_error(name: &str, error: &RunError, out: &mut Json) {
    out.open(name, "{");
    out.text("code", error.code().name());
    out.text("message", &error.message());
    if let RunError::Http { status, .. } = error {
        out.number("status", usize::from(*status));
    }
    out.close("}");
}
