//! Writes the lists that the npm package hands out, as JSON, to the file that is named.

use std::{env, fs, io};

fn main() -> io::Result<()> {
    let file = env::args_os()
        .nth(1)
        .ok_or_else(|| io::Error::other("which file?"))?;
    fs::write(file, fencerun::catalogue::list())
}
