/** What is shown of the trail: filters, range and histogram. */
export function Toolbar() {
  return <div />;
}
