//! The command line as completions of a shell and as manual pages.

use std::io;

use clap::{Command, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::{Cli, chinese};
use crate::words::Lang;

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
    pub fn completions(shell: Shell, lang: Lang) -> Vec<u8> {
        let mut script = Vec::new();
        let mut command = match lang {
            Lang::En => Cli::command(),
            Lang::Zh => chinese::built(Cli::command()),
        };
        generate(shell, &mut command, "hongbao", &mut script);
        match lang {
            Lang::En => script,
            Lang::Zh => chinese::script(&String::from_utf8_lossy(&script)).into_bytes(),
        }
    }

    /// A page for the program and one for each verb.
    ///
    /// # Errors
    /// Where a page cannot be made.
    pub fn manual(lang: Lang) -> io::Result<Vec<ManualPage>> {
        let mut command = Cli::command().disable_help_subcommand(true);
        let mut pages = Vec::new();
        match lang {
            Lang::En => {
                command.build();
                add_pages(&command, &mut pages)?;
            }
            Lang::Zh => {
                add_pages(&chinese::built(command), &mut pages)?;
                for page in &mut pages {
                    let text = String::from_utf8_lossy(&page.text);
                    page.text = chinese::page(&text).into_bytes();
                }
            }
        }
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
