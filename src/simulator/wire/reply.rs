//! A reply before it goes over the wire: a status, a body, and how it arrives.

/// The gateway's reply to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayReply {
    /// The HTTP status.
    pub status: u16,
    /// The whole body, even if the delivery cuts it.
    pub body: Vec<u8>,
    /// How it arrives, if at all.
    pub delivery: Delivery,
    /// The `Digest` of a bill.
    pub digest: Option<String>,
}

/// How a reply arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Whole and at once.
    Whole,
    /// Not at all: the connection closes.
    Never,
    /// The headers promise the whole body, and the connection closes after so many bytes.
    Cut {
        /// How many bytes of the body arrive.
        bytes: usize,
    },
    /// Whole, after a wait.
    Late {
        /// How long, in milliseconds.
        ms: u64,
    },
}

impl GatewayReply {
    /// A reply that arrives.
    pub(in crate::simulator) fn whole(status: u16, body: Vec<u8>) -> Self {
        GatewayReply {
            status,
            body,
            delivery: Delivery::Whole,
            digest: None,
        }
    }

    /// A connection that closes.
    pub(in crate::simulator) fn never() -> Self {
        GatewayReply {
            status: 0,
            body: Vec::new(),
            delivery: Delivery::Never,
            digest: None,
        }
    }

    /// A page of the web server in front of the real gateway.
    pub(in crate::simulator) fn page(status: u16) -> Self {
        let title = match status {
            400 => "400 Bad Request",
            404 => "404 Not Found",
            405 => "405 Not Allowed",
            411 => "411 Length Required",
            413 => "413 Request Entity Too Large",
            431 => "431 Request Header Fields Too Large",
            502 => "502 Bad Gateway",
            _ => "Error",
        };
        GatewayReply::titled(status, title)
    }

    /// Its page about a certificate that it does not take.
    pub(in crate::simulator) fn certificate_page() -> Self {
        GatewayReply::titled(400, "400 The SSL certificate error")
    }

    fn titled(status: u16, title: &str) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
             <center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n\
             </body>\r\n</html>\r\n"
        );
        GatewayReply::whole(status, page.into_bytes())
    }
}
