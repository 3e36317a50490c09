// The page's content security policy forbids `new Function`, with which zod would make its checks faster; already the
// try would be reported. So this comes before any schema is made.
import * as z from 'zod';

z.config({ jitless: true });
