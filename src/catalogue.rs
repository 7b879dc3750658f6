//! What there is, for people to choose from: profiles, formats of tool calls, what clients send.
//!
//! No rule needs it, so the module of WebAssembly goes without: the npm package has the lists in its JavaScript, made from
//! [`list`] when it is built, and a bundle that does not ask for them has none of them.

/// A text for people to read: where something comes from, or what it does.
///
/// Without the feature `prose` nothing is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prose {
    #[cfg(feature = "prose")]
    text: &'static str,
}

impl Prose {
    /// The text.
    #[cfg(feature = "prose")]
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.text
    }
}

#[cfg_attr(
    not(feature = "prose"),
    expect(unused_variables, reason = "nothing is kept")
)]
pub(crate) const fn prose(text: &'static str) -> Prose {
    Prose {
        #[cfg(feature = "prose")]
        text,
    }
}

#[cfg(feature = "prose")]
pub use list::list;

#[cfg(feature = "prose")]
mod list {
    use crate::profile::profiles;
    use crate::tool_call::FORMATS;
    use crate::wire::json::Json;
    use crate::wire::profile::{REQUEST_PROFILES, RequestProfile, Waits};

    /// All of it as JSON, in the form that the npm package hands out: an object with `profiles`, `toolCallFormats` and
    /// `requestProfiles`.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(fencerun::catalogue::list().contains(r#""name": "torl""#));
    /// ```
    #[must_use]
    pub fn list() -> String {
        let mut out = Json::default();
        out.open("", "{");
        out.open("profiles", "[");
        for profile in profiles() {
            out.open("", "{");
            out.text("name", profile.name);
            out.text("source", profile.source.as_str());
            out.text("version", profile.version.as_str());
            out.text("description", profile.description.as_str());
            out.flag("extracts", profile.extract.is_some());
            out.flag("observes", profile.observe.is_some());
            out.close("}");
        }
        out.close("]");
        out.open("toolCallFormats", "[");
        for format in &FORMATS {
            out.open("", "{");
            out.text("name", format.name);
            out.text("source", format.source.as_str());
            out.text("description", format.description.as_str());
            out.close("}");
        }
        out.close("]");
        out.open("requestProfiles", "[");
        for profile in &REQUEST_PROFILES {
            write_request_profile(profile, &mut out);
        }
        out.close("]");
        out.close("}");
        out.into_text()
    }

    fn write_request_profile(profile: &RequestProfile, out: &mut Json) {
        out.open("", "{");
        out.text("name", profile.name);
        out.text("source", profile.source.as_str());
        out.text("description", profile.description.as_str());
        out.open("fields", "[");
        for field in profile.fields {
            out.open("", "{");
            out.text("name", field.name);
            out.flag("given", field.default.is_none());
            out.raw("default", field.default.unwrap_or("null"));
            out.close("}");
        }
        out.close("]");
        match profile
            .timeout_ms
            .and_then(|bound| usize::try_from(bound).ok())
        {
            Some(bound) => out.number("timeoutMs", bound),
            None => out.raw("timeoutMs", "null"),
        }
        out.flag("addsTimeouts", profile.adds_timeouts);
        out.number("maxAttempts", profile.max_attempts as usize);
        out.text("retried", profile.retried.name());
        let (kind, first_ms, jitter_ms) = match profile.waits {
            Waits::None => ("none", 0, 0),
            Waits::Linear(step) => ("linear", step, 0),
            Waits::Exponential {
                first_ms,
                jitter_ms,
            } => ("exponential", first_ms, jitter_ms),
        };
        out.open("waits", "{");
        out.text("kind", kind);
        out.number("firstMs", first_ms as usize);
        out.number("jitterMs", jitter_ms as usize);
        out.close("}");
        out.close("}");
    }
}
