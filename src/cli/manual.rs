//! The command line as completions of a shell and as manual pages.

use std::io;

use clap::{Command, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::Cli;

/// A manual page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualPage {
    /// The name of its file.
    pub name: String,
    /// Its text, in the form that `man` reads.
    pub text: Vec<u8>,
}

impl Cli {
    /// The completion script for this shell.
    #[must_use]
    pub fn completions(shell: Shell) -> Vec<u8> {
        let mut script = Vec::new();
        generate(shell, &mut Cli::command(), "hongbao", &mut script);
        script
    }

    /// A page for the program and one for each verb.
    ///
    /// # Errors
    /// Where a page cannot be made.
    pub fn manual() -> io::Result<Vec<ManualPage>> {
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        let mut pages = Vec::new();
        add_pages(&command, &mut pages)?;
        Ok(pages)
    }
}

fn add_pages(command: &Command, pages: &mut Vec<ManualPage>) -> io::Result<()> {
    let man = Man::new(command.clone());
    let mut text = Vec::new();
    man.render(&mut text)?;
    pages.push(ManualPage {
        name: man.get_filename(),
        text,
    });
    command
        .get_subcommands()
        .try_for_each(|verb| add_pages(verb, pages))
}
