//! Request profiles as data.

use crate::catalogue::{Prose, prose};

/// One field that a client sends, and what stands in it by default, as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The default as JSON text; `None` where the caller gives the value.
    pub default: Option<&'static str>,
}

/// Which failures a client tries again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// None.
    Nothing,
    /// The HTTP status 504 alone.
    GatewayTimeout,
    /// 429, 502, 503, 504, and connections that could not be made.
    Unavailable,
    /// Every failure, an answer with `status: "SandboxError"` included.
    Everything,
}

impl Retried {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::GatewayTimeout => "gateway_timeout",
            Self::Unavailable => "unavailable",
            Self::Everything => "everything",
        }
    }
}

/// The wait after a failed attempt, the first being 1, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// No wait.
    None,
    /// This much times the attempt.
    Linear(u32),
    /// This much, doubled with each attempt, and up to so much more at random.
    Exponential {
        /// The first wait.
        first_ms: u32,
        /// The most that chance adds.
        jitter_ms: u32,
    },
}

impl Waits {
    /// The wait after an attempt; `random` runs from 0 up to 1.
    #[must_use]
    pub fn after_ms(self, attempt: u32, random: f64) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Linear(step) => f64::from(step) * f64::from(attempt),
            Self::Exponential {
                first_ms,
                jitter_ms,
            } => {
                // Whatever is doubled more often is infinite.
                let doublings = 1..attempt.min(2_000);
                let wait = doublings.fold(f64::from(first_ms), |wait, _| wait * 2.0);
                wait + f64::from(jitter_ms) * random
            }
        }
    }
}

/// What one framework's client sends and how it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestProfile {
    /// Its name.
    pub name: &'static str,
    /// Where the original stands, and its commit.
    pub source: Prose,
    /// What is particular about it.
    pub description: Prose,
    /// The fields, in the order in which they are sent.
    pub fields: &'static [Field],
    /// How long the client waits beyond the sandbox's own time-outs where `adds_timeouts`, or in
    /// all, in milliseconds; `None` for no bound.
    pub timeout_ms: Option<u64>,
    /// Whether the compile and run time-outs are added to `timeout_ms`.
    pub adds_timeouts: bool,
    /// How many attempts are made in all.
    pub max_attempts: u32,
    /// Which failures are tried again.
    pub retried: Retried,
    /// How long it waits in between.
    pub waits: Waits,
}

const fn given(name: &'static str) -> Field {
    let default = None;
    Field { name, default }
}

const fn field(name: &'static str, default: &'static str) -> Field {
    let default = Some(default);
    Field { name, default }
}

pub(crate) const VERL: RequestProfile = RequestProfile {
    name: "verl",
    source: prose("verl/utils/reward_score/sandbox_fusion/utils.py, commit b178a3cd56f5"),
    description: prose("call_sandbox_api: eight fields, 504 alone is tried again"),
    fields: &[
        field("compile_timeout", "30"),
        field("run_timeout", "30"),
        given("code"),
        field("stdin", "null"),
        field("memory_limit_MB", "1024"),
        field("language", "\"python\""),
        field("files", "{}"),
        field("fetch_files", "[]"),
    ],
    timeout_ms: Some(10_000),
    adds_timeouts: true,
    max_attempts: 3,
    retried: Retried::GatewayTimeout,
    waits: Waits::Linear(1_000),
};

pub(crate) const SANDBOX_FUSION: RequestProfile = RequestProfile {
    name: "sandbox-fusion",
    source: prose("scripts/client/src/sandbox_fusion, version 0.3.4, commit 469de0845cb7"),
    description: prose("run_code: every failure is tried again; knows no memory_limit_MB"),
    fields: &[
        given("code"),
        given("language"),
        field("compile_timeout", "10"),
        field("run_timeout", "10"),
        field("stdin", "null"),
        field("files", "{}"),
        field("fetch_files", "[]"),
    ],
    timeout_ms: None,
    adds_timeouts: false,
    max_attempts: 5,
    retried: Retried::Everything,
    waits: Waits::Exponential {
        first_ms: 1_000,
        jitter_ms: 1_000,
    },
};

/// All request profiles.
pub static REQUEST_PROFILES: [RequestProfile; 6] = [
    VERL,
    SANDBOX_FUSION,
    RequestProfile {
        name: "verl-tool",
        source: prose("verl_tool/servers/tools/sandbox_fusion.py, commit 980962b4b8af"),
        description: prose("code and language; the client gives up when the sandbox would"),
        fields: &[given("code"), given("language")],
        timeout_ms: Some(10_000),
        adds_timeouts: false,
        max_attempts: 1,
        retried: Retried::Nothing,
        waits: Waits::None,
    },
    RequestProfile {
        name: "torl",
        source: prose(
            "verl/workers/rollout/vllm_rollout/vllm_rollout_spmd.py, commit cb78cf1c494c",
        ),
        description: prose("code and python; every failure reads `UnknownError`"),
        fields: &[given("code"), field("language", "\"python\"")],
        timeout_ms: Some(10_000),
        adds_timeouts: false,
        max_attempts: 1,
        retried: Retried::Nothing,
        waits: Waits::None,
    },
    RequestProfile {
        name: "verl/tutorial",
        source: prose("examples/tutorial/agent_loop_get_started/sandbox.py, commit b178a3cd56f5"),
        description: prose("code alone, which SandboxFusion refuses with 422"),
        fields: &[given("code")],
        timeout_ms: Some(300_000),
        adds_timeouts: false,
        max_attempts: 1,
        retried: Retried::Nothing,
        waits: Waits::None,
    },
    RequestProfile {
        name: "simpletir",
        source: prose("recipe/simpletir/agent_utils.py, commit e7b5b4430fe2"),
        description: prose("short time-outs, two attempts, and 2 s more after each"),
        fields: &[
            given("code"),
            field("stdin", "\"\""),
            field("language", "\"python\""),
            field("compile_timeout", "1.0"),
            field("run_timeout", "3.0"),
        ],
        timeout_ms: Some(30_000),
        adds_timeouts: false,
        max_attempts: 2,
        retried: Retried::Everything,
        waits: Waits::Exponential {
            first_ms: 500,
            jitter_ms: 1_000,
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_those_of_the_originals() {
        let waits = |name: &str, random| {
            let profile = REQUEST_PROFILES
                .iter()
                .find(|one| one.name == name)
                .unwrap();
            (1..profile.max_attempts)
                .map(|attempt| profile.waits.after_ms(attempt, random))
                .collect::<Vec<_>>()
        };
        assert_eq!(waits("verl", 0.9), [1_000.0, 2_000.0]);
        assert_eq!(
            waits("sandbox-fusion", 0.5),
            [1_500.0, 2_500.0, 4_500.0, 8_500.0]
        );
        assert_eq!(waits("simpletir", 0.0), [500.0]);
    }

    #[test]
    fn defaults_are_json() {
        for field in REQUEST_PROFILES.iter().flat_map(|profile| profile.fields) {
            if let Some(default) = field.default {
                assert!(crate::python::json::loads(default).is_ok(), "{field:?}");
            }
        }
    }
}
