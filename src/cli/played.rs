//! Arguments of the verbs that play WeChat Pay on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, value_parser};

/// `rehearse`
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// The campaign file, in either mode. Its keys and certificates are not needed or read.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The sheet of the workbook that is the list, where more than one has cells.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// How often the run is killed with SIGKILL.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = value_parser!(u32).range(..=1000)
    )]
    pub kills: u32,
    /// How many requests go wrong.
    ///
    /// A rate from 0 to 1 is spread over all faults; of those that a run waits for it makes about
    /// fifty each at most. NAME=RATE asks for one fault and may be repeated. `hongbao explain
    /// simulator` lists the names.
    #[arg(
        long,
        value_name = "RATE|NAME=RATE",
        value_delimiter = ',',
        default_value = "0.1"
    )]
    pub faults: Vec<String>,
    /// Play the first N rows; the default is 10,000. All rows are checked.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub rows: Option<u64>,
    /// The seed of faults and kills.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `simulate`
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Where to write the CA, the client certificate, its key, the API key and the books.
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,
    /// A fault and its rate from 0 to 1, as in lost_after=0.05; may be repeated.
    #[arg(long = "fault", value_name = "NAME=RATE", long_help = crate::simulator::fault_help())]
    pub faults: Vec<String>,
    /// Refuse sends from 0:00 to 8:00 in Beijing with TIME_LIMITED.
    #[arg(long)]
    pub night: bool,
    /// The seed of faults. Who claims a packet, and when, depends on its number alone.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write the fund-flow bill of each day into this folder, at the start and at the end.
    #[arg(long, value_name = "DIR")]
    pub fund_flow: Option<PathBuf>,
    /// Plant breaks in the bills, one of each kind for which there is a packet, and list them in
    /// breaks.json.
    ///
    /// Five kinds need a packet that is paid. For refund_missing one must have come back, for
    /// refund_without_send one must be refused or claimed.
    #[arg(long, requires = "fund_flow")]
    pub breaks: bool,
}
