//! Documents made of fragments that matter for block structure, the same ones for the same seed.

/// A small generator of random numbers (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(mixed).unwrap() % bound
    }

    pub(crate) fn pick<'list>(&mut self, list: &[&'list str]) -> &'list str {
        list[self.below(list.len())]
    }
}

pub(crate) const PREFIXES: [&str; 26] = [
    "", "", "", "", "", "", " ", "  ", "   ", "    ", "     ", "      ", "\t", " \t", "> ", ">",
    ">\t", "> > ", "- ", "-\t", "*   ", "+     ", "1. ", "2) ", "10. ", "-",
];

pub(crate) const CONTENTS: [&str; 78] = [
    "",
    "",
    "",
    "",
    " ",
    "\t",
    "text",
    "text",
    "text",
    "some *more* text",
    "```",
    "```",
    "```",
    "```",
    "~~~",
    "~~~",
    "````",
    "~~~~",
    "`````",
    "``` ",
    "```\t",
    "```py",
    "```python",
    "~~~ js x",
    "``` a&amp;b\\*",
    "~~~ `a`",
    "``` a`b",
    "```a```",
    "`` `",
    "~~",
    "---",
    "===",
    "--",
    "=",
    "- - -",
    "***",
    "_ _ _",
    "* * * a",
    "# heading",
    "#",
    "####### no",
    "#no",
    "<div>",
    "</div>",
    "<div",
    "<a>",
    "</ab >",
    "<a b='c' d>",
    "<a b> c",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<!-- c",
    "c -->",
    "<!-- c -->",
    "<?php",
    "?>",
    "<!X",
    ">",
    "<![CDATA[",
    "]]>",
    "[a]: /url",
    "[a]:",
    "/url 'title'",
    "'title'",
    "[b]: <u> \"t",
    "t\"",
    "[c",
    "]: /u",
    "1.",
    "1. a",
    "3. a",
    "0) a",
    "- a",
    "+",
    "*",
    "a\\",
];

/// What models write around code, and what the repairs are about.
pub(crate) const MODEL_LINES: [&str; 74] = [
    "",
    "",
    "Here is the code:",
    "So:```python",
    "So:```",
    "So: ```python",
    "So ```text",
    "a```py ```js",
    "```python",
    "```python",
    "```python",
    "```py",
    "```",
    "```",
    "```",
    "```",
    "````",
    "````markdown",
    "```markdown",
    "```{python}",
    "```{.python .x}",
    "```{r, echo=F}",
    "~~~python",
    "~~~",
    "~~",
    "``` python",
    "``` done",
    "``` The end.",
    "```done",
    "```js",
    "```json",
    "```mermaid x",
    "``",
    "print(1)",
    "print(1)```",
    "print('```",
    "print(1) # ```",
    "s = \"\"\"",
    "\"\"\"",
    "'''",
    "s = '''a'''",
    "s = \"\"\"a```",
    "x = '```'",
    "# it's",
    "a = 'b\\",
    "    return 1",
    "```python print(1)```",
    "```python```",
    "```print(1)```",
    "```py x ``` y",
    "````py x````",
    "```text a```b```",
    "- item",
    "1. item:```py",
    "   ```python",
    "   print(1)",
    "   ```",
    "> ```python",
    "> print(1)",
    "> ```",
    "<answer>",
    "</answer>",
    "<think>",
    "<div>",
    "```</answer>",
    "<a>```py",
    "- ```py",
    "1. ```",
    "  - ```js",
    "  ```",
    "> s = '''",
    "> '''",
    "> So:```py",
    "text",
];

/// A document of up to twenty lines as a model might write it, on a bad day.
pub(crate) fn generate_model_output(seed: u64) -> String {
    let mut random = Random::new(seed ^ 0xABCD_EF01);
    let mut text = String::new();
    for _ in 0..=random.below(20) {
        text.push_str(random.pick(&MODEL_LINES));
        text.push('\n');
    }
    if random.below(3) == 0 {
        text.truncate(text.trim_end_matches('\n').len());
    }
    match random.below(12) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace("print", "ünï😀"),
        _ => text,
    }
}

const ENDINGS: [&str; 12] = [
    "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n\n", "\n\n", "  \n", "\n \n",
];

/// Documents of both kinds, in turn.
pub(crate) fn generate(seed: u64) -> String {
    if seed.is_multiple_of(2) {
        generate_document(seed)
    } else {
        generate_model_output(seed)
    }
}

/// A document of up to a dozen lines.
fn generate_document(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = String::new();
    let fences_only = random.below(4) == 0;
    for _ in 0..=random.below(12) {
        for _ in 0..random.below(4) {
            text.push_str(random.pick(&PREFIXES));
        }
        if fences_only && random.below(2) == 0 {
            text.push_str(random.pick(&CONTENTS[10..26]));
        } else {
            text.push_str(random.pick(&CONTENTS));
        }
        text.push_str(random.pick(&ENDINGS));
    }
    if random.below(4) == 0 {
        text.truncate(text.trim_end_matches('\n').len());
    }
    match random.below(16) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace('\n', "\r"),
        2 => text.replace("text", "ünï😀"),
        _ => text,
    }
}
