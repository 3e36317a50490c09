// This comes before any schema is made.
import { en } from 'zod/locales';
import * as z from 'zod/mini';

z.config({
  // The page's content security policy forbids `new Function`, with which zod would make its checks faster; already the
  // try would be reported.
  jitless: true,
  // zod/mini, which is a quarter of zod, brings no words of its own for what is wrong.
  ...en(),
});
