/** A real Chromium for the tests of the HTML report: one browser for a test file. */
import { existsSync } from "node:fs"
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core"

const executablePath = "/usr/bin/chromium"
const required = process.env["WAKEDIFF_CHROMIUM"] === "required"

/** Why the tests in a browser are skipped; null: they run. Where Chromium is required, its absence fails them. */
export const whySkipped: string | null =
  required || existsSync(executablePath)
    ? null
    : `no ${executablePath}: the tests in a browser are skipped (WAKEDIFF_CHROMIUM=required makes them fail)`

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })

/** A page of its own, and all that it must not do. */
export interface Watched {
  readonly page: Page
  /** Errors and warnings of the console, among them violations of the policy; thrown errors; dialogs. */
  readonly complaints: ReadonlyArray<string>
  /** Addresses of everything that was asked for. */
  readonly requests: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

export const opened = async (
  browser: Browser,
  path: string,
  { hash = "", ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<Watched> => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: Array<string> = []
  const requests: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on("request", (request) => requests.push(request.url()))
  await page.goto(`file://${path}${hash}`)
  return { page, complaints, requests, close: () => context.close() }
}
