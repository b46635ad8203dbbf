import { Skeleton } from "./skeleton";

/** What stands where the list will be, until its code is loaded. */
export function ListFrame() {
  return (
    <>
      <div class="list-bar" />
      <div class="list-frame">
        <div class="list-head">
          <div class="list-head-row" />
        </div>
        <Skeleton columns={6} />
      </div>
    </>
  );
}
