//! A whole product of axes with an answer at every point. As a tree, the values of an axis that
//! decide alike share a branch, and an axis that decides nothing is left out: what is printed is
//! what was enumerated, no more and no less.

/// The widest line of a list of names.
const WIDTH: usize = 96;

/// The answers at all points of `N` axes, the last axis turning fastest.
pub(crate) struct Product<const N: usize, A> {
    axes: [Vec<String>; N],
    answers: Vec<A>,
}

impl<const N: usize, A> Product<N, A> {
    pub(crate) fn new(axes: [Vec<String>; N], answers: Vec<A>) -> Self {
        let points: usize = axes.iter().map(Vec::len).product();
        assert_eq!(points, answers.len(), "an answer a point");
        Product { axes, answers }
    }

    /// Every point by the names of its values, and the answer there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ([&str; N], &A)> {
        self.answers.iter().enumerate().map(|(mut flat, answer)| {
            let mut point = [""; N];
            for (name, axis) in point.iter_mut().zip(&self.axes).rev() {
                *name = &axis[flat % axis.len()];
                flat /= axis.len();
            }
            (point, answer)
        })
    }

    /// The product as an indented tree, with how many points it stands for.
    pub(crate) fn tree(&self, words: impl Fn(&A) -> String) -> String {
        let leaves: Vec<String> = self.answers.iter().map(words).collect();
        let lines = branch(&self.axes, &leaves);
        format!("{} points\n{}", leaves.len(), lines.join("\n"))
    }
}

fn branch(axes: &[Vec<String>], all: &[String]) -> Vec<String> {
    let Some((first, rest)) = axes.split_first() else {
        return all.to_vec();
    };
    let mut groups: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for (value, leaves) in first.iter().zip(all.chunks(all.len() / first.len())) {
        let below = branch(rest, leaves);
        match groups.iter_mut().find(|(_, known)| *known == below) {
            Some((values, _)) => values.push(value),
            None => groups.push((vec![value], below)),
        }
    }
    match &groups[..] {
        [(_, below)] => below.clone(),
        _ => groups
            .iter()
            .flat_map(|(values, below)| told(values, below))
            .collect(),
    }
}

/// A branch and what is below it: on one line where that is one word.
fn told(values: &[&str], below: &[String]) -> Vec<String> {
    let mut lines = wrapped(values);
    match (below, lines.last_mut()) {
        ([leaf], Some(last)) if !leaf.contains(" -> ") => last.extend([" -> ", leaf.as_str()]),
        _ => lines.extend(below.iter().map(|line| format!("    {line}"))),
    }
    lines
}

fn wrapped(values: &[&str]) -> Vec<String> {
    let mut lines = vec![values[0].to_owned()];
    for value in &values[1..] {
        let last = lines.len() - 1;
        if lines[last].len() + value.len() > WIDTH {
            lines[last] += " |";
            lines.push(format!("  {value}"));
        } else {
            lines[last].extend([" | ", *value]);
        }
    }
    lines
}

#[test]
fn a_tree_leaves_out_what_decides_nothing() {
    let axes = ["ab", "cd", "ef"].map(|axis| axis.chars().map(String::from).collect());
    let points = ["ace", "acf", "ade", "adf", "bce", "bcf", "bde", "bdf"];
    let product = Product::new(axes, points.to_vec());
    assert!(
        product
            .iter()
            .all(|(point, answer)| point.concat() == *answer)
    );
    let is_one = |answer: &&str| answer.starts_with('b') && answer.ends_with('e');
    let tree = product.tree(|answer| if is_one(answer) { "one" } else { "none" }.to_owned());
    assert_eq!(tree, "8 points\na -> none\nb\n    e -> one\n    f -> none");
}
