//! What the lines of a text may mean that few lines do mean: the part of the scanner that is
//! compiled for size, where `fencerun-blocks`, which calls it, is compiled for speed.
//!
//! A line, or what is left of it, comes in; what begins there, and how far it reaches, goes out.
//! Nothing here knows which containers and which blocks are open.
//!
//! | part | modules |
//! | --- | --- |
//! | the constructs of `CommonMark` that are no code | [`atx_heading`], [`setext_heading`], [`thematic_break`], [`list_item`], [`html_block`], [`link_reference`] |
//! | what follows a code fence | [`info_string`], [`mod@language`] |
//! | where that is not what was meant | [`repair`] |

pub mod atx_heading;
mod character_reference;
pub mod html_block;
pub mod info_string;
pub mod language;
pub mod link_reference;
pub mod list_item;
pub mod repair;
pub mod setext_heading;
pub mod thematic_break;
