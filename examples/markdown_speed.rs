//! Measures the block scanner beside `pulldown-cmark`, on texts as models write them.
//!
//! ```sh
//! cargo run --release --example markdown_speed
//! ```

#![expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement may panic, and its numbers are rounded anyway"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use fencerun::markdown::{Extractor, Options, scan};
use pulldown_cmark::{Event, Parser, Tag};

const PROSE: [&str; 8] = [
    "To solve this, we first note that the function `f(x)` is increasing on the whole interval.",
    "The number of pairs is $n(n-1)/2$, so a brute force over all of them is fast enough here.",
    "Let me check this with a short program, and compare the result with the value we expect.",
    "Substituting back, we obtain 3x + 7 = 22 and therefore x = 5, which satisfies both equations.",
    "However, the sum is taken over primes only; 1 is not a prime, and neither is 91 = 7 * 13.",
    "So the answer is the *largest* of these values, but we must not forget the boundary cases.",
    "Note that `range(1, n)` stops before `n`, which is exactly what the problem statement asks.",
    "This matches the small cases computed by hand above, which makes me fairly confident in it.",
];

const MULTILINGUAL: [&str; 4] = [
    "首先，我们注意到函数 `f(x)` 在整个区间上是递增的，因此方程最多有一个解。",
    "Заметим, что сумма берётся только по простым числам, и поэтому ответ равен пяти.",
    "したがって、境界の場合を忘れずに確認する必要があります。答えは次のとおりです。",
    "Überprüfen wir das Ergebnis mit einem kurzen Programm und vergleichen die Werte.",
];

const CODE: [&str; 8] = [
    "def count(n):",
    "    total = 0",
    "    for i in range(2, n):",
    "        if all(i % p for p in range(2, int(i ** 0.5) + 1)):",
    "            total += i",
    "    return total",
    "",
    "print(count(1000))",
];

/// A text of about `length` bytes: paragraphs, lists and now and then a block of code.
fn make_text(length: usize, prose: &[&str]) -> String {
    let mut text = String::new();
    let mut part = 0_usize;
    while text.len() < length {
        let line = |offset: usize| prose[(part * 3 + offset) % prose.len()];
        match part % 5 {
            0 | 2 => {
                for offset in 0..4 {
                    text.push_str(line(offset));
                    text.push('\n');
                }
            }
            1 => {
                for offset in 0..3 {
                    let _ = writeln!(text, "{}. **Step.** {}", offset + 1, line(offset));
                }
            }
            3 => {
                let _ = writeln!(text, "### Part {part}\n\n{}", line(0));
            }
            _ => {
                text.push_str("```python\n");
                for line in CODE.iter().chain(&CODE).chain(&CODE) {
                    text.push_str(line);
                    text.push('\n');
                }
                text.push_str("```\n");
            }
        }
        text.push('\n');
        part += 1;
    }
    text
}

/// Prints the median time of `work` on a text of `length` bytes, and the speed.
fn measure(name: &str, length: usize, mut work: impl FnMut() -> usize) {
    let mut times = Vec::new();
    let rounds = (4_000_000 / length).max(10);
    for _ in 0..15 {
        let start = Instant::now();
        for _ in 0..rounds {
            black_box(work());
        }
        times.push(start.elapsed().as_secs_f64() / rounds as f64);
    }
    times.sort_by(f64::total_cmp);
    let time = times[times.len() / 2];
    let speed = length as f64 / time / 1e9;
    println!("  {name:<34} {:>9.2} µs {speed:>7.3} GB/s", time * 1e6);
}

fn main() {
    for (name, prose, length) in [
        ("English, 5 kB", &PROSE[..], 5_000),
        ("English, 25 kB", &PROSE[..], 25_000),
        ("many languages, 25 kB", &MULTILINGUAL[..], 25_000),
    ] {
        let text = make_text(length, prose);
        let length = text.len();
        println!("{name} ({length} bytes)");
        measure("line feeds counted by memchr", length, || {
            memchr::memchr_iter(b'\n', text.as_bytes()).count()
        });
        measure("scan, CommonMark", length, || {
            scan(&text, &Options::default()).len()
        });
        measure("scan, model output", length, || {
            scan(&text, &Options::MODEL_OUTPUT).len()
        });
        for size in [8, 1_000] {
            measure(
                &format!("Extractor, chunks of {size} bytes"),
                length,
                || {
                    let mut extractor = Extractor::new(&Options::MODEL_OUTPUT);
                    let chunks = text.as_bytes().chunks(size);
                    let events: usize = chunks.map(|chunk| extractor.push(chunk).len()).sum();
                    events + extractor.finish().len()
                },
            );
        }
        measure("pulldown-cmark", length, || {
            let is_block = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)));
            Parser::new(&text).filter(is_block).count()
        });
    }
}
