// SPDX-License-Identifier: Apache-2.0
[assembly: Parallelizable(ParallelScope.Fixtures)]
