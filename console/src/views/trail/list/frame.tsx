import { Skeleton } from "./skeleton";

/** A placeholder for the list, until its code is loaded. */
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
