/** Every text that the console shows. A translation has the same names. */
export const texts = {
  /** The language of these texts, for numbers and times: BCP 47. */
  language: "en",
  title: "Audit trail",
  views: { trail: "Trail", statistics: "Statistics", health: "Health" },
  skip: "Skip to the content",
  tenant: "Tenant",
  ownTenant: "default",
  theme: { label: "Theme", system: "System", light: "Light", dark: "Dark" },
  failures: {
    offline: [
      "No connection",
      "The browser cannot reach the audit log.",
      "Check the network. The page tries again as soon as there is a connection.",
    ],
    signedOut: ["Signed out", "The session has ended.", "Sign in again to go on."],
    forbidden: [
      "No permission",
      "This identity may not read this.",
      "Choose another tenant, or ask whoever runs the audit log for access.",
    ],
    throttled: [
      "Too many requests",
      "The audit log asks to wait a moment.",
      "There is nothing to do: the page tries again by itself.",
    ],
    invalid: [
      "Not a valid request",
      "The audit log refused the request.",
      "Change the filters or the range; the text below says which value is not valid.",
    ],
    notFound: [
      "Not found",
      "There is nothing under this address.",
      "Check the tenant and the id. A new event can be read some seconds after it was sent.",
    ],
    unavailable: [
      "Not available",
      "The audit log cannot respond now. Nothing is lost.",
      "Try again in a moment.",
    ],
    failed: [
      "Something failed",
      "The audit log, or this page, has a fault.",
      "Try again. If it stays, the log of the function has the details.",
    ],
  },
  retry: "Try again",
  retryIn: (seconds: number) => `Tries again in ${seconds} s`,
  signInAgain: "Sign in",
  startAgain: "Run `prooftrail console` again, and use the address that it opens.",
  serverSays: "Message:",
  loading: "Loading …",
  trail: {},
  filters: {},
  event: {},
  verified: {},
  statistics: {},
  health: {},
  signIn: {},
} as const;
