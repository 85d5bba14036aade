/** What a check needs cannot be had on this system: the check is skipped, not failed. */
export class Unavailable extends Error {}
