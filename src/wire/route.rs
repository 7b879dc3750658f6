//! The paths of `SandboxFusion`, and what goes there and back
//! (`sandbox/server/sandbox_api.py`, `online_judge_api.py`, commit 469de0845cb7).

use crate::error::RunError;
use crate::python::format::fill;
use crate::python::search::{contains, find, first_of, split_once};
use crate::python::text::{strip, strip_end_of};

/// One path of `SandboxFusion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Runs a program.
    RunCode,
    /// Runs cells of one notebook.
    RunJupyter,
    /// Grades a completion.
    Submit,
    /// Names all datasets.
    ListDatasets,
    /// The identifiers of a dataset's problems.
    ListIds,
    /// The prompts of a dataset.
    GetPrompts,
    /// The prompt of one problem.
    GetPromptById,
    /// The metrics of graded completions.
    GetMetrics,
    /// The source of the function that computes them.
    GetMetricsFunction,
    /// Asks whether the server is there.
    Ping,
}

impl Route {
    /// All routes.
    pub const ALL: [Self; 10] = [
        Self::RunCode,
        Self::RunJupyter,
        Self::Submit,
        Self::ListDatasets,
        Self::ListIds,
        Self::GetPrompts,
        Self::GetPromptById,
        Self::GetMetrics,
        Self::GetMetricsFunction,
        Self::Ping,
    ];

    /// Its path, without the slash in front.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::RunCode => "run_code",
            Self::RunJupyter => "run_jupyter",
            Self::Submit => "submit",
            Self::ListDatasets => "list_datasets",
            Self::ListIds => "list_ids",
            Self::GetPrompts => "get_prompts",
            Self::GetPromptById => "get_prompt_by_id",
            Self::GetMetrics => "get_metrics",
            Self::GetMetricsFunction => "get_metrics_function",
            Self::Ping => "v1/ping",
        }
    }

    /// The route with this path.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|route| route.path() == path)
    }

    /// The kind of its request; `None` for those that are asked by `GET`, without a body.
    pub(crate) const fn request(self) -> Option<&'static str> {
        match self {
            Self::RunCode => Some("program"),
            Self::RunJupyter => Some("notebook"),
            Self::Submit => Some("submission"),
            Self::ListIds | Self::GetPrompts => Some("page"),
            Self::GetPromptById => Some("problem"),
            Self::GetMetrics => Some("metrics"),
            Self::GetMetricsFunction => Some("metrics_function"),
            Self::ListDatasets | Self::Ping => None,
        }
    }

    /// The kind of its answer.
    pub(crate) const fn answer(self) -> &'static str {
        match self {
            Self::RunCode => "run",
            Self::RunJupyter => "notebook_run",
            Self::Submit => "evaluation",
            Self::ListDatasets => "str*",
            Self::ListIds => "int|str*",
            Self::GetPrompts => "prompt*",
            Self::GetPromptById => "prompt",
            Self::GetMetrics => "dict",
            Self::GetMetricsFunction => "function",
            Self::Ping => "str",
        }
    }

    /// The address of this route at a sandbox that is given by its base address or by the address
    /// of any route; a query stays where it is.
    ///
    /// # Errors
    ///
    /// [`RunError::InvalidOptions`] when `url` does not begin with `http://` or `https://` and a
    /// host, or holds a user name or a password, which `fetch` does not take.
    ///
    /// # Examples
    ///
    /// ```
    /// use fencerun::wire::route::Route;
    /// let full = "http://localhost:8080/run_code";
    /// assert_eq!(Route::RunCode.url("http://localhost:8080").as_deref(), Ok(full));
    /// assert_eq!(Route::RunCode.url("http://localhost:8080/").as_deref(), Ok(full));
    /// assert_eq!(Route::RunCode.url("http://localhost:8080/run_jupyter").as_deref(), Ok(full));
    /// assert_eq!(
    ///     Route::Ping.url("https://host/sandbox/run_code?key=1").as_deref(),
    ///     Ok("https://host/sandbox/v1/ping?key=1"),
    /// );
    /// ```
    pub fn url(self, url: &str) -> Result<String, RunError> {
        let trimmed = strip(url);
        let whole = first_of(trimmed, "#");
        let (address, query) = whole.split_at(find(whole, "?").unwrap_or(whole.len()));
        let (scheme, rest) = split_once(address, "://").unwrap_or_default();
        let host = first_of(rest, "/");
        let is_web = ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        if !is_web || host.is_empty() {
            let template = "url: expected http://HOST or https://HOST, found `{}`";
            let detail = fill(template, &[trimmed]);
            return Err(RunError::InvalidOptions { detail });
        }
        if contains(host, "@") {
            let detail = "url: expected no user name and no password, which belong into a header";
            let detail = detail.to_owned();
            return Err(RunError::InvalidOptions { detail });
        }
        let mut base = strip_end_of(address, "/");
        for route in Self::ALL {
            if let Some(front) = base.strip_suffix(route.path())
                && front.ends_with('/')
            {
                base = strip_end_of(front, "/");
                break;
            }
        }
        Ok([base, "/", self.path(), query].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_host_is_refused() {
        for url in [
            "",
            "localhost:8080",
            "ftp://host",
            "http://",
            "https:///run_code",
            "http://?run_code",
        ] {
            let error = Route::RunCode.url(url).unwrap_err();
            let message = format!("url: expected http://HOST or https://HOST, found `{url}`");
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_repeated() {
        let error = Route::RunCode.url("https://me:secret@host/").unwrap_err();
        let message = "url: expected no user name and no password, which belong into a header";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_path_that_only_ends_like_a_route_is_kept() {
        let url = Route::RunCode.url("http://h/my_run_code").unwrap();
        assert_eq!(url, "http://h/my_run_code/run_code");
    }
}
