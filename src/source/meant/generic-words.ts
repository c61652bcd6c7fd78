/** Words of names that say what a thing is and not which one it is: `cart-env` and `cart-settings` are the same one. */
export const GENERIC_WORDS: ReadonlySet<string> = new Set(
  "config conf cfg configuration configmap settings env environment variables vars params parameters properties options data volume storage pvc claim svc service secret credentials creds sa account".split(
    " ",
  ),
);
