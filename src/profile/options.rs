//! What a caller may ask of a profile.

/// What the originals take besides the text. Each profile says which it reads; the rest is left
/// alone.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags are the originals', each independent of the others"
)]
#[derive(Debug, Clone, Default)]
pub struct ExtractOptions {
    /// The language asked for. By default the profile's own, mostly Python.
    pub language: Option<String>,
    /// The languages that run (`autogen`). By default the profile's own.
    pub languages: Vec<String>,
    /// Only the first block counts (`sandbox-fusion`).
    pub first_block_only: bool,
    /// Only the block with this index counts, negative from the end (`sandbox-fusion`).
    pub code_block_index: Option<isize>,
    /// Blocks in other languages are passed over (`sandbox-fusion`).
    pub exactly_match: bool,
    /// What follows the first block of the language is passed over (`sandbox-fusion`).
    pub is_fewshot_task: bool,
    /// Lines that begin with `assert ` are removed (`sandbox-fusion`).
    pub remove_asserts: bool,
    /// `package main` stays (`sandbox-fusion/v2`).
    pub no_removal: bool,
    /// Only the body of the first static method counts (`sandbox-fusion/v2`).
    pub inner_function_only: bool,
    /// The code is a unit test and stays as it is (`sandbox-fusion/v2`).
    pub is_unit_test: bool,
    /// The name of the function asked for (`sandbox-fusion`, Java; `evalplus`).
    pub entry_point: Option<String>,
    /// Lines whose imports are put in front (`sandbox-fusion`, Java).
    pub declaration: Option<String>,
    /// Whether only the last program counts (`torl`, `qwen-agent`, `qwen-math`, `roll/reward`). By default as
    /// the original's own default.
    pub last_only: Option<bool>,
    /// The tags around code (`smolagents`).
    pub code_block_tags: Option<(String, String)>,
    /// The style of the model (`livecodebench`).
    pub style: Option<String>,
    /// The prompt that was answered (`roll/reward`).
    pub prompt: Option<String>,
    /// How it will be tested (`roll/reward`).
    pub case_type: Option<String>,
}

impl ExtractOptions {
    /// The language asked for, or `default`.
    #[must_use]
    pub fn language_or<'a>(&'a self, default: &'a str) -> &'a str {
        self.language.as_deref().unwrap_or(default)
    }
}

/// What the originals take besides the result of a run.
#[derive(Debug, Clone, Default)]
pub struct ObserveOptions {
    /// The turn of the model that the observation answers: its shape decides what stands around
    /// the output (`verl-tool`, `torl`, `qwen-agent/tir`).
    pub action: String,
    /// The word in the marks around the output (`verl-tool/python`).
    pub output_tag: Option<String>,
}

impl ObserveOptions {
    /// The text, on a new line where the turn does not end with one.
    #[must_use]
    pub fn on_a_new_line(&self, text: String) -> String {
        if self.action.is_empty() || self.action.ends_with('\n') {
            return text;
        }
        format!("\n{text}")
    }
}
