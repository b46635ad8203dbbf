/** The events, newest first. */
export function TrailList() {
  return <div />;
}
