//! Arguments of the verbs that write the program's own documents.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// `init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder, empty or not there yet.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// `list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Folders, campaign files and ledgers; the folder it is called in by default. Where a folder
    /// has no campaign file, its folders are looked at.
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder; made where it is not there.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}
